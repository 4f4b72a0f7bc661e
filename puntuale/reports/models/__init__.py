"""The tables of the room."""

from puntuale.reports.models.summed import Count, Durations, Summed, Touched

__all__ = ["Count", "Durations", "Summed", "Touched"]
