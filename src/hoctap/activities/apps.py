from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ActivitiesConfig(AppConfig):
    name = "hoctap.activities"

    def ready(self) -> None:
        from hoctap.activities import facts
        from hoctap.indicators import collecting

        post_migrate.connect(_enter_library, sender=self)
        collecting.register(facts.collect)


def _enter_library(**_signal) -> None:
    from hoctap.activities.library import enter

    enter()
