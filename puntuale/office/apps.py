"""The office, as Django knows it."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """The office."""

    name = "puntuale.office"
