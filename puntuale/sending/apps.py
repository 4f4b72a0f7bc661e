"""The room of what is on its way to somebody."""

from django.apps import AppConfig


class SendingConfig(AppConfig):
    """Owns the table of intents."""

    name = "puntuale.sending"
    label = "sending"
