"""The room of webhooks."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Owns the endpoints and what is on its way to them."""

    name = "puntuale.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        """Let managers be told of an endpoint that was switched off."""
        from puntuale.webhooks import notices  # noqa: PLC0415 -- models are ready only now

        notices.register()
