"""The desk, as Django knows it."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The desk."""

    name = "puntuale.desk"
