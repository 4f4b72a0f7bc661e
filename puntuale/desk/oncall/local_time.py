"""Instants in the fields of the forms about being on call: on the wall clock of whoever fills them in."""

from datetime import datetime
from zoneinfo import ZoneInfo

from puntuale.looks import local_time
from puntuale.looks.local_time import UnreadableTime, write
from puntuale.oncall.rotas import SpanRefused

__all__ = ["read", "write"]


def read(written: str, zone: ZoneInfo) -> datetime:
    """Return the instant that a field tells on the clock of a zone. Raises SpanRefused for anything else."""
    try:
        return local_time.read(written, zone)
    except UnreadableTime as problem:
        raise SpanRefused("span.unreadable") from problem
