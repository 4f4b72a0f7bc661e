"""The only place that reads the system's clock. Doors read it once; everything below takes `at=`."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)  # noqa: TID251
