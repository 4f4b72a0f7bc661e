"""What a replay of history says, in words and for programs."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import click

from puntuale.guarantee.rota import Turn, Who
from puntuale.whatif.calling import Calls
from puntuale.whatif.comparing import Compared, Lacks
from puntuale.whatif.facts import by_promise
from puntuale.whatif.replaying import Replay, Tally, moved

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
BUSIEST, GAPS = 8, 5
NOBODY = "nobody"
LACKING = {
    Lacks.BEFORE: "the agreement before has",
    Lacks.AFTER: "the agreement that is tried has",
    Lacks.BOTH: "both agreements have",
}


@dataclass(frozen=True, slots=True)
class Side:
    """A replay, and what those on call are called."""

    replay: Replay
    names: Mapping[Who, str]

    def by_person(self) -> dict[str, Calls]:
        """Return the calls by the names of those who were on call."""
        found = self.replay.calling.by_person.items()
        return {NOBODY if who is None else self.names.get(who, str(who)): calls for who, calls in found}

    @property
    def gaps(self) -> list[Turn]:
        """Return the stretches during which nobody is on call."""
        return self.replay.duty.gaps if self.replay.duty else []


def as_text(before: Side, after: Side, compared: Compared) -> None:
    """Tell two replays of the same history, side by side."""
    _tell_kept(before.replay, after.replay)
    found = moved(before.replay, after.replay)
    ways = f"{found.earlier} earlier, {found.later} later, {found.same} the same"
    click.echo(f"Due times: {ways}; {found.gained} new, {found.lost} no more.")
    totals = before.replay.total, after.replay.total
    click.echo(f"Due while the desk is closed: {totals[0].closed} before, {totals[1].closed} after.")
    if busy := busiest(after.replay.by_hour):
        click.echo(f"Most answers due: {busy}.")
    _tell_calls(before, after)
    for question, one in compared.left_out.items():
        kind = " ".join(word for word in (question.plan, question.priority, question.environment) if word)
        tickets = "ticket" if one.count == 1 else "tickets"
        click.echo(f"{one.count} {tickets} left out of both sides: {LACKING[one.lacks]} no {kind}", err=True)


def as_json(before: Side, after: Side, compared: Compared) -> None:
    """Tell two replays of the same history as JSON."""
    told: dict[str, object] = {
        "moved": asdict(moved(before.replay, after.replay)),
        "left_out": compared.left_out_by_side,
    }
    for name, one in (("before", before), ("after", after)):
        told[name] = {
            **asdict(one.replay.total),
            "rate": one.replay.total.rate,
            "by_hour": one.replay.by_hour,
            "calls": {alarm: asdict(calls) for alarm, calls in one.replay.calling.by_alarm.items()},
            "calls_at_night_by_hour": one.replay.night_by_hour,
            "people": {who: asdict(calls) for who, calls in one.by_person().items()},
            "nobody": [{"from": _instant(gap.start), "to": _instant(gap.end)} for gap in one.gaps],
        }
    click.echo(json.dumps(told))


def busiest(by_hour: list[int]) -> str:
    """Return the hours of the week with the most, the most of all first: `Mon 10:00 7, Tue 11:00 3`."""
    busy = sorted(range(len(by_hour)), key=lambda hour: -by_hour[hour])[:BUSIEST]
    return ", ".join(f"{DAYS[hour // 24]} {hour % 24:02}:00 {by_hour[hour]}" for hour in busy if by_hour[hour])


def _tell_kept(before: Replay, after: Replay) -> None:
    heads = f"{'kept':>8}{'missed':>8}{'rate':>9}{'none':>6}{'open':>6}"
    click.echo(f"{'':24}{'before':>{len(heads)}}   {'after':>{len(heads)}}")
    click.echo(f"{'plan':14}{'priority':10}{heads}   {heads}")
    rows = (by_promise(before), by_promise(after))
    for plan, priority in sorted(rows[0].keys() | rows[1].keys()):
        cells = "   ".join(_cells(one.get((plan, priority), Tally())) for one in rows)
        click.echo(f"{plan or 'no plan':14}{priority:10}{cells}")
    click.echo(f"{'all':24}{_cells(before.total)}   {_cells(after.total)}")


def _cells(tally: Tally) -> str:
    rate = "" if tally.rate is None else f"{100 * tally.rate:.2f} %"
    return f"{tally.kept:>8}{tally.missed:>8}{rate:>9}{tally.no_guarantee:>6}{tally.waiting:>6}"


def _tell_calls(before: Side, after: Side) -> None:
    """Tell what called whoever is on call while the desk was closed, whom, and when nobody was."""
    rows = [one.replay.calling.by_alarm for one in (before, after)]
    alarms = list(dict.fromkeys(alarm for one in rows for alarm in one))
    nights = [one.replay.calling.total.night for one in (before, after)]
    click.echo(f"Calls at night, while the desk is closed: {nights[0]} before, {nights[1]} after.")
    for alarm in alarms:
        told = [one.get(alarm, Calls()).night for one in rows]
        if any(told):
            click.echo(f"  {alarm:22}{told[0]:>9} before{told[1]:>9} after")
    people = [one.by_person() for one in (before, after)]
    for who in sorted({*people[0], *people[1]}):
        click.echo(
            f"  {who:22}{people[0].get(who, Calls()).night:>9} before{people[1].get(who, Calls()).night:>9} after"
        )
    for name, one in (("before", before), ("after", after)):
        if one.gaps:
            hours = sum((gap.end - gap.start for gap in one.gaps), timedelta()) / timedelta(hours=1)
            some = ", ".join(f"{_instant(gap.start)} to {_instant(gap.end)}" for gap in one.gaps[:GAPS])
            more = " ..." if len(one.gaps) > GAPS else ""
            click.echo(f"Nobody on call, {name}: {len(one.gaps)} stretches, {hours:.0f} hours: {some}{more}")


def _instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
