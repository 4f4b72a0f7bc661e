"""The room of the post."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Tells people of their tickets by mail, and takes what they answer."""

    name = "puntuale.mail"
    label = "mail"

    def ready(self) -> None:
        """Let letters about tickets be told."""
        from puntuale.mail import letters  # noqa: PLC0415 -- models are ready only now

        letters.register()
