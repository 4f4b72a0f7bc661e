"""`puntuale what-if`: history under another agreement, before it is published."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from puntuale.cli.asking import Call, Failed, agreement_from
from puntuale.guarantee.agreement import Agreement
from puntuale.guarantee.calendars import BeyondHorizon

if TYPE_CHECKING:
    from puntuale.whatif.histories import Gathering
    from puntuale.whatif.replaying import Replay, Tally

SHOWN = 20
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
BUSIEST = 8


@click.command("what-if")
@click.option(
    "--agreement", "new", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The one to try."
)
@click.option(
    "--against", type=click.Path(path_type=Path, dir_okay=False), help="Compare with this one, not the one in force."
)
@click.option(
    "--input",
    "log",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A log in CSV, not our tickets.",
)
@click.option("--json", "as_json", is_flag=True, help="Answer for programs.")
@click.pass_obj
def command(call: Call, *, new: Path, against: Path | None, log: Path | None, as_json: bool) -> None:
    """Replay history under another agreement: which promises would have been kept, and when answers fall due.

    With --input FILE a log is replayed (submitted_at,plan,priority,answered_at) under the agreement that ships, or
    --against another one, and no database is needed.
    """
    from puntuale.whatif import replaying  # noqa: PLC0415 -- numpy is slow to load

    tried = agreement_from(new)
    if log is not None:
        gathering, known = _logged(log), agreement_from(against)
    else:
        gathering, known = _ours(call, against)
    try:
        histories = gathering.histories()
        before, after = (replaying.replay(histories, one, now=call.at) for one in (known, tried))
    except BeyondHorizon as problem:
        raise Failed(str(problem)) from problem
    _tell_json(before, after) if as_json else _tell(before, after)
    for line in gathering.refused[:SHOWN]:
        click.echo(line, err=True)
    if gathering.refused:
        raise Failed(f"{len(gathering.refused)} rows could not be read")


def _logged(log: Path) -> "Gathering":
    from puntuale.whatif.histories import HistoryRefused, from_log  # noqa: PLC0415

    try:
        with log.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
            return from_log(lines)
    except HistoryRefused as problem:
        raise Failed(f"{log}: {problem}") from problem
    except OSError as problem:
        raise Failed(f"{log} cannot be read: {problem.strerror}") from problem


def _ours(call: Call, against: Path | None) -> "tuple[Gathering, Agreement]":
    with call.open_desk():
        from puntuale.agreements.reading import NothingInForce, agreement_in_force  # noqa: PLC0415
        from puntuale.whatif import own  # noqa: PLC0415

        try:
            known = agreement_from(against) if against else agreement_in_force(call.at)
        except NothingInForce as problem:
            raise Failed(str(problem)) from problem
        return own.history(), known


def _tell(before: "Replay", after: "Replay") -> None:
    from puntuale.whatif.replaying import Tally, moved  # noqa: PLC0415

    click.echo(f"{'':24}{'before':>31}   {'after':>31}")
    heads = f"{'kept':>9}{'missed':>9}{'rate':>8}{'none':>5}"
    click.echo(f"{'plan':14}{'priority':10}{heads}   {heads}")
    rows = (_by_plan(before), _by_plan(after))
    for plan, priority in sorted(rows[0].keys() | rows[1].keys()):
        cells = "   ".join(_cells(one.get((plan, priority), Tally())) for one in rows)
        click.echo(f"{plan or 'no plan':14}{priority:10}{cells}")
    click.echo(f"{'all':24}{_cells(before.total)}   {_cells(after.total)}")
    found = moved(before, after)
    ways = f"{found.earlier} earlier, {found.later} later, {found.same} the same"
    click.echo(f"Due times: {ways}; {found.gained} new, {found.lost} no more.")
    click.echo(f"Due while the desk is closed: {before.total.closed} before, {after.total.closed} after.")
    busy = sorted(range(len(after.by_hour)), key=lambda hour: -after.by_hour[hour])[:BUSIEST]
    told = ", ".join(
        f"{DAYS[hour // 24]} {hour % 24:02}:00 {after.by_hour[hour]}" for hour in busy if after.by_hour[hour]
    )
    if told:
        click.echo(f"Most answers due: {told}.")
    for question, count in {**before.unknown, **after.unknown}.items():
        kind = f"{question.plan} {question.priority} {question.environment}".strip()
        click.echo(f"{count} tickets left out: one of the two agreements has no {kind}", err=True)


def _by_plan(one: "Replay") -> "dict[tuple[str, str], Tally]":
    """Return the tallies of each plan and priority, wherever it happened and whatever it was about."""
    from puntuale.whatif.replaying import Tally  # noqa: PLC0415

    found: dict[tuple[str, str], Tally] = {}
    for question, tally in one.tallies.items():
        found.setdefault((question.plan, question.priority), Tally()).add(tally)
    return found


def _cells(tally: "Tally") -> str:
    rate = "" if tally.rate is None else f"{100 * tally.rate:.2f} %"
    return f"{tally.kept:>9}{tally.missed:>9}{rate:>9}{tally.no_guarantee:>5}"


def _tell_json(before: "Replay", after: "Replay") -> None:
    from dataclasses import asdict  # noqa: PLC0415

    from puntuale.whatif.replaying import moved  # noqa: PLC0415

    told: dict[str, object] = {"moved": asdict(moved(before, after))}
    for name, one in (("before", before), ("after", after)):
        told[name] = {**asdict(one.total), "rate": one.total.rate, "by_hour": one.by_hour}
    click.echo(json.dumps(told))
