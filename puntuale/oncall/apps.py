"""The room of rotas, chains and pages."""

from django.apps import AppConfig


class OnCallConfig(AppConfig):
    """Owns rotas, chains, the ways to reach people, and pages."""

    name = "puntuale.oncall"
    label = "oncall"

    def ready(self) -> None:
        """Let pages be told."""
        from puntuale.oncall import letters  # noqa: PLC0415 -- models are ready only now

        letters.register()
