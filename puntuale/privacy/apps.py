"""This room as Django knows it."""

from django.apps import AppConfig


class Privacy(AppConfig):
    """What is kept about people."""

    name = "puntuale.privacy"
    label = "privacy"
