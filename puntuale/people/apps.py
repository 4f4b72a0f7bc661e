"""People, as Django knows them."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The room of organisations and persons."""

    name = "puntuale.people"
    verbose_name = "People"
