"""Rotas and who is on call."""

from pydantic import Field

from puntuale.api.told.people import PersonNamed
from puntuale.api.values import Instant, Told
from puntuale.oncall.models import Rota
from puntuale.oncall.reading import OnCallNow


class RotaTold(Told):
    """A rota."""

    id: int
    name: str

    @classmethod
    def of(cls, rota: Rota) -> "RotaTold":
        """Return it as it is told."""
        return cls(id=rota.pk, name=rota.name)


class DutyNow(Told):
    """Who is on call by a rota now."""

    rota: RotaTold
    person: PersonNamed | None = Field(description="Null where nobody is.")
    until: Instant
    following: PersonNamed | None

    @classmethod
    def of(cls, duty: OnCallNow) -> "DutyNow":
        """Return it as it is told."""
        return cls(
            rota=RotaTold.of(duty.rota),
            person=PersonNamed.of(duty.person) if duty.person else None,
            until=duty.until,
            following=PersonNamed.of(duty.following) if duty.following else None,
        )


class TurnTold(Told):
    """A span during which one person is on call, or nobody."""

    start_at: Instant
    end_at: Instant
    person: PersonNamed | None


class DutiesNow(Told):
    """Who is on call by each rota."""

    items: list[DutyNow]


class Turns(Told):
    """The turns of a rota."""

    items: list[TurnTold]
