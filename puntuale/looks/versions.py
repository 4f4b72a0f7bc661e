"""When a version of the agreement is in force, in words."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from puntuale.agreements.models import Publication
from puntuale.agreements.reading import turns
from puntuale.wording import moments
from puntuale.wording.languages import words

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Standing(StrEnum):
    """How a version stands."""

    IN_FORCE = "in_force"
    PLANNED = "planned"
    PAST = "past"
    NEVER = "never"
    """A newer version took its place before it took effect."""


ICONS = {
    Standing.IN_FORCE: "circle-check",
    Standing.PLANNED: "clock",
    Standing.PAST: "minus",
    Standing.NEVER: "ban",
}


@dataclass(frozen=True, slots=True)
class ToldTurn:
    """How a version stands: in a word, and in a sentence with its instants."""

    standing: Standing
    word: str
    text: str

    @property
    def icon(self) -> str:
        """Return the icon that goes with it."""
        return ICONS[self.standing]

    @property
    def tone(self) -> str:
        """Return the colour of its chip."""
        return "calm" if self.standing is Standing.IN_FORCE else "none"


def turn_of(publication: Publication, *, language: str, zone: ZoneInfo, at: datetime) -> ToldTurn:
    """Return how a version stands at an instant, told to one reader."""
    said = words(language)
    turn = next((one for one in turns(BEGINNING) if one.publication.pk == publication.pk), None)
    if turn is None:
        return ToldTurn(Standing.NEVER, said.gettext("never in force"), said.gettext("a newer one took its place"))
    since = moments.moment(turn.since, language, zone, now=at)
    until = moments.moment(turn.until, language, zone, now=at) if turn.until else ""
    told = {"since": since, "until": until}
    if turn.since > at:
        return ToldTurn(Standing.PLANNED, said.gettext("planned"), said.gettext("takes effect %(since)s") % told)
    if turn.until is not None and turn.until <= at:
        text = said.gettext("in force from %(since)s until %(until)s") % told
        return ToldTurn(Standing.PAST, said.gettext("past"), text)
    text = (
        said.gettext("in force since %(since)s, until %(until)s") if until else said.gettext("in force since %(since)s")
    )
    return ToldTurn(Standing.IN_FORCE, said.gettext("in force"), text % told)
