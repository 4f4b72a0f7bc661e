"""How priorities were changed, by whom and for whom, and what customers thought of the answers."""

from collections.abc import Mapping, Sequence
from datetime import date

from pydantic import Field

from puntuale.api.told.reports import DaysTold
from puntuale.api.values import Told
from puntuale.reports.counting import Asked
from puntuale.reports.fairness import Changes, Opinions, Party, Sort

KEY = "Empty for all together; `none` for those that have no such party."


class ChangesTold(Told):
    """On how many tickets priorities were changed, by what became of it."""

    key: str = Field(description=KEY)
    name: str
    lowered: int
    raised: int
    disagreed: int = Field(description="The customer did not agree.")
    upheld: int = Field(description="She did not, and a manager found that she was right.")


class OpinionsTold(Told):
    """How many tickets had answers that customers found good, and bad."""

    key: str = Field(description=KEY)
    name: str
    good: int
    bad: int


class PartyTold(Told):
    """Changes and opinions by one kind of party: all together first."""

    changes: list[ChangesTold]
    opinions: list[OpinionsTold]

    @classmethod
    def of(cls, changes: Sequence[Changes], opinions: Sequence[Opinions], names: Mapping[str, str]) -> "PartyTold":
        """Return it as it is told."""
        return cls(
            changes=[
                ChangesTold(key=one.key, name=names[one.key], **{sort.value: one.counts[sort] for sort in Sort})
                for one in changes
            ],
            opinions=[OpinionsTold(key=one.key, name=names[one.key], good=one.good, bad=one.bad) for one in opinions],
        )


class ReasonTold(Told):
    """Why priorities were changed, and on how many tickets."""

    reason: str
    name: str
    tickets: int


class FairnessTold(DaysTold):
    """What was changed in some days, and what customers thought of the answers."""

    organisation: PartyTold
    agent: PartyTold
    reasons: list[ReasonTold]

    @classmethod
    def of(
        cls,
        parties: Mapping[Party, PartyTold],
        reasons: Mapping[str, int],
        *,
        asked: Asked,
        days: tuple[date, date],
        names: Mapping[str, str],
    ) -> "FairnessTold":
        """Return it as it is told."""
        return cls(
            **cls.days(asked, *days),
            organisation=parties[Party.ORGANISATION],
            agent=parties[Party.AGENT],
            reasons=[ReasonTold(reason=key, name=names[key], tickets=count) for key, count in reasons.items()],
        )
