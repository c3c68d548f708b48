from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "hoctap.kernel"
