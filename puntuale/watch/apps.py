"""The room that keeps an eye on promises."""

from django.apps import AppConfig


class WatchConfig(AppConfig):
    """Owns the watches, the alarms and the heartbeats."""

    name = "puntuale.watch"
    label = "watch"

    def ready(self) -> None:
        """Let alarms and the ends of contracts be told."""
        from puntuale.watch import endings, letters  # noqa: PLC0415 -- models are ready only now

        letters.register()
        endings.register()
