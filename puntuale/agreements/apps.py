"""Agreements, as Django knows them."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """The room of published agreements, contracts and products."""

    name = "puntuale.agreements"
    verbose_name = "Agreements"
