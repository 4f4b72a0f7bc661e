"""The tables of the room."""

from puntuale.reports.models.mailed import Every, MailedReport, Subscription
from puntuale.reports.models.summed import Count, Durations, Summed, Touched

__all__ = ["Count", "Durations", "Every", "MailedReport", "Subscription", "Summed", "Touched"]
