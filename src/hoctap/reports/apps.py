from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "hoctap.reports"

    def ready(self) -> None:
        from hoctap.activities import announcing
        from hoctap.reports.actions.noticing import tell_of

        announcing.register(tell_of)
