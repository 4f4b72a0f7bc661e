"""The looks, as Django knows it."""

from django.apps import AppConfig


class LooksConfig(AppConfig):
    """The looks."""

    name = "puntuale.looks"
