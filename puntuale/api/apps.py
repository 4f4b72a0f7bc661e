"""The API, as Django knows it."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The machines' door, with what it has to remember."""

    name = "puntuale.api"
    label = "api"
    verbose_name = "API"
