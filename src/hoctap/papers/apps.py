from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "hoctap.papers"
