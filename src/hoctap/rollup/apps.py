from django.apps import AppConfig


class RollupConfig(AppConfig):
    name = "hoctap.rollup"
