"""The room of reports."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Owns what was summed up of the days that are over, so that a report over years need not count every promise."""

    name = "puntuale.reports"
    label = "reports"

    def ready(self) -> None:
        """Let reports be sent by mail."""
        from puntuale.reports import mailing  # noqa: PLC0415 -- models are ready only now

        mailing.register()
