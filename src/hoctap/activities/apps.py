from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ActivitiesConfig(AppConfig):
    name = "hoctap.activities"

    def ready(self) -> None:
        post_migrate.connect(_enter_library, sender=self)


def _enter_library(**_signal) -> None:
    from hoctap.activities.library import enter

    enter()
