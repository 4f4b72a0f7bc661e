"""The workload: when tickets arrive, what is open, and what falls due in the coming days."""

from collections.abc import Mapping, Sequence
from datetime import date

from pydantic import Field

from puntuale.api.told.reports import DaysTold
from puntuale.api.values import Told
from puntuale.reports.counting import Asked
from puntuale.reports.workload import Due, State


class BacklogTold(Told):
    """How many tickets of a priority are open now, whenever they were submitted."""

    priority: str
    name: str
    unanswered: int
    answered: int = Field(description="Answered by a human, and the vendor's turn again.")
    waiting: int = Field(description="The customer's turn.")


class DueTold(Told):
    """What falls due on a day."""

    day: date | None = Field(description="Null for what was due before now, and for nothing else.")
    promises: int = Field(description="First responses.")
    goals: int


class WorkloadTold(DaysTold):
    """When the tickets of some days arrived, and the work at hand now."""

    arrivals: list[list[int]] = Field(
        description="From Monday on, how many tickets were submitted in each hour of the day, on the clock of the desk."
    )
    backlog: list[BacklogTold]
    ahead: list[DueTold]

    @classmethod
    def of(
        cls,
        arrived: list[list[int]],
        opened: Mapping[tuple[str, State], int],
        ahead: Sequence[Due],
        *,
        asked: Asked,
        days: tuple[date, date],
        names: Mapping[str, str],
    ) -> "WorkloadTold":
        """Return it as it is told."""
        return cls(
            **cls.days(asked, *days),
            arrivals=arrived,
            backlog=[
                BacklogTold(
                    priority=priority,
                    name=name,
                    **{state.value: opened.get((priority, state), 0) for state in State},
                )
                for priority, name in sorted(names.items())
                if priority
            ],
            ahead=[DueTold(day=due.day, promises=due.promises, goals=due.goals) for due in ahead],
        )
