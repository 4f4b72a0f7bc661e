"""The room of the post."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Tells people of their tickets by mail, and takes what they answer."""

    name = "puntuale.mail"
    label = "mail"
