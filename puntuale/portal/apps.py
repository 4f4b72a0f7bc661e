"""The portal, as Django knows it."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The portal."""

    name = "puntuale.portal"
