from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "hoctap.notify"
