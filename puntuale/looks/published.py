"""The published page: what the agreement in force promises, and what it would promise a ticket sent now."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from puntuale.agreements.models import Publication
from puntuale.guarantee.agreement import Agreement, Plan, Priority
from puntuale.guarantee.hours import HoursTable
from puntuale.guarantee.promise import Promise, quote
from puntuale.guarantee.reckoning import utc_text
from puntuale.guarantee.texts import Text
from puntuale.wording import durations, moments, opening
from puntuale.wording.languages import words

MONTHS_AHEAD = 12


@dataclass(frozen=True)
class CellShown:
    """What a plan gives a priority: the target, whether it runs day and night, and when a ticket sent now is due."""

    plan: Plan
    plan_name: str
    target: str
    is_always: bool
    sent_now: str
    has_guarantee: bool


@dataclass(frozen=True)
class RowShown:
    """A priority and its cells."""

    key: str
    name: str
    summary: str
    meaning: str
    environments: str
    cells: list[CellShown]


@dataclass(frozen=True)
class HoursShown:
    """A table of hours in words, with the closed days of the next twelve months."""

    name: str
    weekly: list[str]
    zone: str
    is_always: bool
    days_off: list[tuple[str, str]]
    special_days: list[tuple[str, str]]


@dataclass(frozen=True)
class Page:
    """An agreement, told to one reader at one instant.

    `publication` is None for a draft. Only for the version in force does it tell when a ticket sent now would be due.
    """

    agreement: Agreement
    publication: Publication | None
    language: str
    zone: ZoneInfo
    at: datetime
    is_in_force: bool = True

    @property
    def title(self) -> str:
        """Return the title."""
        return self.agreement.title.in_language(self.language)

    @property
    def introduction(self) -> str:
        """Return the introduction, which may be empty."""
        return self.agreement.introduction.in_language(self.language)

    @property
    def plans(self) -> list[tuple[str, str]]:
        """Return key and name of each plan."""
        return [(plan.key, plan.name.in_language(self.language)) for plan in self.agreement.plans]

    @property
    def rows(self) -> list[RowShown]:
        """Return the table: a row a priority, a cell a plan."""
        return [self._row(priority) for priority in self.agreement.priorities]

    @property
    def hours(self) -> list[HoursShown]:
        """Return the hours that are not always open."""
        tables = self.agreement.hours.values()
        return [self._hours(table) for table in tables if not table.is_always_open]

    @property
    def exclusions(self) -> list[tuple[str, str]]:
        """Return name and explanation of each product stage without a guarantee."""
        return [
            (stage.name.in_language(self.language), stage.explanation.in_language(self.language))
            for stage in self.agreement.stages
            if not stage.guaranteed
        ]

    @property
    def notes(self) -> list[str]:
        """Return what else is part of the agreement."""
        return [note.in_language(self.language) for note in self.agreement.notes]

    def promise(self, plan: Plan, priority: Priority) -> Promise:
        """Return what a ticket sent now, about a released product in an environment that may, would be promised."""
        places = priority.environments or tuple(place.key for place in self.agreement.environments)
        return quote(
            self.agreement,
            plan=plan.key,
            priority=priority.key,
            environment=places[0],
            stage=self.agreement.usual_stage,
            at=self.at,
        )

    def days_off(self, table: HoursTable) -> list[tuple[date, Text]]:
        """Return the closed days of the next twelve months with their names."""
        today = self.at.astimezone(table.zone).date()
        end = _a_year_after(today)
        days = {day: name for day, name in table.holidays.items() if day not in table.overrides}
        days |= {day: special.name for day, special in table.overrides.items() if not special.shifts}
        return [(day, name) for day, name in sorted(days.items()) if today <= day < end]

    def _row(self, priority: Priority) -> RowShown:
        said = [self.agreement.environment(key).name.in_language(self.language) for key in priority.environments or ()]
        return RowShown(
            priority.key,
            priority.name.in_language(self.language),
            priority.summary.in_language(self.language),
            priority.meaning.in_language(self.language),
            ", ".join(said),
            [self._cell(plan, priority) for plan in self.agreement.plans],
        )

    def _cell(self, plan: Plan, priority: Priority) -> CellShown:
        promise = self.promise(plan, priority)
        name = plan.name.in_language(self.language)
        if promise.target is None or promise.due_at is None:
            return CellShown(plan, name, words(self.language).gettext("no guarantee"), False, "", False)
        return CellShown(
            plan,
            name,
            durations.plain_target(promise.target, self.agreement, self.language),
            self.agreement.hours[promise.target.hours].is_always_open,
            self._near(promise.due_at) if self.is_in_force else "",
            True,
        )

    def _near(self, at: datetime) -> str:
        near = moments.near_moment(at, self.language, self.zone, now=self.at)
        # In a narrow column the letters would stand alone on a line.
        return f"{near}\N{NO-BREAK SPACE}{moments.zone_letters(at, self.zone)}"

    def _hours(self, table: HoursTable) -> HoursShown:
        today = self.at.astimezone(table.zone).date()
        special = [
            (moments.long_day(day, self.language), ", ".join(str(shift) for shift in override.shifts))
            for day, override in table.overrides.items()
            if override.shifts and today <= day < _a_year_after(today)
        ]
        days_off = [
            (moments.long_day(day, self.language), name.in_language(self.language))
            for day, name in self.days_off(table)
        ]
        zone = f"{moments.zone_name(table.zone, self.language)}, {table.zone_name}"
        return HoursShown(
            table.name.in_language(self.language),
            opening.weekly(table, self.language),
            zone,
            table.is_always_open,
            days_off,
            special,
        )

    def as_facts(self) -> dict[str, object]:
        """Return the page as plain values for programs: instants in UTC, durations in seconds."""
        desk = self.agreement.desk_hours
        calendar = self.agreement.calendar(desk.key) if desk else None
        closes = calendar.next_close(self.at) if calendar else None
        return {
            "version": self.agreement.version,
            "effective_from": utc_text(self.publication.effective_from) if self.publication else None,
            "at": utc_text(self.at),
            "language": self.language,
            "title": self.title,
            "open_now": calendar is None or calendar.is_open(self.at),
            "opens_at": utc_text(calendar.next_open(self.at)) if calendar and not calendar.is_open(self.at) else None,
            "closes_at": utc_text(closes) if closes and calendar and calendar.is_open(self.at) else None,
            "plans": [{"key": key, "name": name} for key, name in self.plans],
            "priorities": [self._priority_facts(priority) for priority in self.agreement.priorities],
            "hours": [self._hours_facts(table) for table in self.agreement.hours.values()],
            "exclusions": [
                {
                    "product_stage": stage.key,
                    "name": stage.name.in_language(self.language),
                    "explanation": stage.explanation.in_language(self.language),
                }
                for stage in self.agreement.stages
                if not stage.guaranteed
            ],
            "notes": self.notes,
        }

    def _priority_facts(self, priority: Priority) -> dict[str, object]:
        return {
            "key": priority.key,
            "name": priority.name.in_language(self.language),
            "meaning": priority.meaning.in_language(self.language),
            "environments": list(priority.environments) if priority.environments is not None else None,
            "first_response": {plan.key: self._cell_facts(plan, priority) for plan in self.agreement.plans},
        }

    def _cell_facts(self, plan: Plan, priority: Priority) -> dict[str, object]:
        promise = self.promise(plan, priority)
        if promise.target is None or promise.due_at is None:
            return {"target": None, "no_guarantee": promise.reason.value if promise.reason else None}
        return {
            "target": str(promise.target),
            "seconds": promise.target.seconds,
            "hours": promise.target.hours,
            "due_if_sent_now": utc_text(promise.due_at),
        }

    def _hours_facts(self, table: HoursTable) -> dict[str, object]:
        return {
            "key": table.key,
            "name": table.name.in_language(self.language),
            "always_open": table.is_always_open,
            "zone": table.zone_name,
            "weekly": [[str(shift) for shift in shifts] for shifts in table.weekly],
            "days_off": [
                {"date": day.isoformat(), "name": name.in_language(self.language)} for day, name in self.days_off(table)
            ],
        }


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day + timedelta(days=366)
