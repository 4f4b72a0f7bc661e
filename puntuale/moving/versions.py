"""Which version of the agreement a ticket of long ago is read with."""

from bisect import bisect_right
from datetime import datetime

from puntuale.agreements.models import Publication
from puntuale.agreements.reading import NothingInForce


class Versions:
    """The published versions, asked for once."""

    def __init__(self) -> None:
        self._rows: list[Publication] | None = None

    def at(self, at: datetime) -> Publication:
        """Return the version in force at an instant, or the first one for what was before. Raises NothingInForce."""
        if self._rows is None:
            self._rows = list(Publication.objects.order_by("effective_from", "version"))
        if not self._rows:
            raise NothingInForce("no agreement is published yet")
        position = bisect_right([row.effective_from for row in self._rows], at)
        return max(self._rows[:position], key=lambda row: row.version, default=self._rows[0])
