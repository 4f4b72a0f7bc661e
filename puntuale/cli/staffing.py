"""`puntuale staffing`: how many people it takes, hour by hour of the week, to keep so much of what is promised."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from puntuale.cli.asking import Call, Failed
from puntuale.cli.histories import FILE, fail_over_refused, looked_back, tried
from puntuale.guarantee.agreement import Agreement
from puntuale.guarantee.calendars import BeyondHorizon
from puntuale.guarantee.targets import TargetRefused, seconds_of

if TYPE_CHECKING:
    from puntuale.whatif.certainty import Share
    from puntuale.whatif.further import Further
    from puntuale.whatif.histories import Gathering, Seconds
    from puntuale.whatif.staffing import Staffing

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
RULES = {
    "target": "--target {target:g}: should be above 0 and at most 100",
    "growth": "--growth {growth:g}: should be above 0 and at most 100",
    "handling": "--handling {handling}: an answer should take from a second to a day",
    "seed": "--seed {seed}: should be 0 or more",
}


@click.command("staffing")
@click.option(
    "--target", type=float, default=99.0, show_default=True, metavar="PERCENT", help="How much is to be kept."
)
@click.option("--growth", type=float, default=1.0, show_default=True, help="How many times as many tickets.")
@click.option("--handling", metavar="15m", help="How long an answer takes, where history does not tell.")
@click.option("--agreement", "new", type=FILE, metavar="FILE", help="Another agreement.")
@click.option("--calendar", type=FILE, metavar="FILE", help="Other hours and holidays.")
@click.option("--input", "log", metavar="FILE", type=FILE, help="A log in CSV, not our tickets.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another one draws other weeks.")
@click.option("--json", "as_json", is_flag=True, help="Answer for programs.")
@click.pass_obj
def command(
    call: Call,
    *,
    target: float,
    growth: float,
    handling: str | None,
    new: Path | None,
    calendar: Path | None,
    log: Path | None,
    seed: int,
    as_json: bool,
) -> None:
    """Tell how many people it takes in each hour of the week, and how sure that is.

    Weeks are drawn from history, with --growth times as many tickets, and people answer what is due next. With --input
    FILE history is a log (submitted_at,plan,priority,answered_at, perhaps handled_seconds and answers), and no database
    is needed.
    """
    from puntuale.whatif.staffing import Asked, StaffingRefused, staffing  # noqa: PLC0415 -- numpy is slow to load
    from puntuale.whatif.weeks import TooLittleHistory  # noqa: PLC0415

    try:
        asked = Asked(target=target / 100, handling=_said_handling(handling), growth=growth, seed=seed)
    except StaffingRefused as problem:
        told = {"target": target, "growth": growth, "handling": handling, "seed": seed}
        raise click.UsageError(RULES[problem.rule].format(**told)) from problem
    with looked_back(call, log, None) as (gathering, known):
        agreement = tried(known, new, calendar)
        asked = replace(asked, further=_further(call, gathering, ours=log is None))
        if handling is None:
            asked = replace(asked, handling=_handling(gathering, known, ours=log is None))
    try:
        with _progress() as tell:
            found = staffing(gathering.histories(), agreement, asked, at=call.at, tell=tell)
    except (TooLittleHistory, BeyondHorizon) as problem:
        raise Failed(str(problem)) from problem
    (_tell_json if as_json else _tell)(found)
    fail_over_refused(gathering)


def _said_handling(written: str | None) -> "Seconds":
    """Return how long answers take as told; a second where history is to tell it."""
    import numpy as np  # noqa: PLC0415

    try:
        seconds = 1 if written is None else seconds_of(written)
    except TargetRefused as problem:
        raise click.UsageError(f"--handling {written} is no duration; write 15m or 1h30m") from problem
    return np.array([seconds], dtype=np.int64)


def _handling(gathering: "Gathering", known: Agreement, *, ours: bool) -> "Seconds":
    """Return how long answers take, as the log tells, or as our own history does."""
    import numpy as np  # noqa: PLC0415

    from puntuale.whatif.staffing import FEWEST_ANSWERS  # noqa: PLC0415

    if not ours:
        found = np.array(gathering.handled, dtype=np.int64)
    else:
        from puntuale.whatif import own  # noqa: PLC0415

        found = own.handling(known)
    if found.size < FEWEST_ANSWERS:
        said = f"History tells of {found.size} answers how long they took, and {FEWEST_ANSWERS} are needed"
        raise Failed(f"{said}: say it with --handling 15m")
    return found


def _further(call: Call, gathering: "Gathering", *, ours: bool) -> "Further":
    """Return the answers that tickets take after the first, as the log tells, or as our own history does."""
    import numpy as np  # noqa: PLC0415

    from puntuale.whatif.further import of_counts  # noqa: PLC0415

    if not ours:
        return of_counts(np.array(gathering.answers, dtype=np.int64))
    from puntuale.whatif import own  # noqa: PLC0415

    return own.further(at=call.at)


@contextmanager
def _progress() -> Iterator[Callable[[float], None]]:
    """Give what shows how much is done, where somebody is watching."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=1_000, label="Trying weeks", file=sys.stderr) as bar:
        yield lambda done: bar.update(max(0, int(1_000 * done) - bar.pos))


def _tell(found: "Staffing") -> None:
    click.echo(f"{'':6}" + "".join(f"{hour:>4}" for hour in range(24)))
    for number, day in enumerate(DAYS):
        click.echo(f"{day:6}" + "".join(f"{one or '.':>4}" for one in found.staff[24 * number : 24 * number + 24]))
    low, high = found.totals[0], found.totals[-1]
    click.echo(f"{found.hours} hours of people a week; on other draws of history from {low} to {high}.")
    busy = "" if found.busy is None else f" and are busy for {100 * found.busy:.0f} % of their time"
    click.echo(f"They answer {sum(found.arrivals):.0f} tickets a week at {found.handling / 60:.0f} minutes{busy}.")
    click.echo(_further_said(found))
    if found.closed:
        click.echo(f"{found.closed} days of the past weeks were closed; they have the people of a day that always is.")
    for question, share in found.shares.items():
        click.echo(f"  {question.plan or 'no plan':14}{question.priority:10}{_said(share)}")
    if found.share is not None:
        click.echo(f"Kept of everything promised: {_said(found.share)}.")
    click.echo(_verdict(found))
    if found.unknown:
        click.echo(f"{found.unknown} tickets left out: the agreement has no words for them", err=True)


def _further_said(found: "Staffing") -> str:
    from puntuale.whatif.further import FEWEST_TICKETS  # noqa: PLC0415

    if found.further:
        return f"After its first answer a ticket takes {found.further:.1f} more, as {found.told} tickets tell."
    if found.told < FEWEST_TICKETS:
        return f"Further answers are left out: {found.told} tickets tell how many they took, {FEWEST_TICKETS} would do."
    return "No ticket took more than its first answer."


def _said(share: "Share") -> str:
    return f"{100 * share.found:.2f} % (95 % sure: {100 * share.low:.2f} to {100 * share.high:.2f} %)"


def _verdict(found: "Staffing") -> str:
    target, tried_on = f"{100 * found.target:g} %", f"{found.simulated:,} simulated tickets of {found.weeks} past weeks"
    if found.share is None:
        return "Nothing was promised to anybody, so nobody is needed for that."
    if found.is_shown:
        return f"{target} is kept, on {tried_on}."
    if found.ceiling < found.target:
        return (
            f"{target} cannot be kept: of {100 * (1 - found.ceiling):.2f} % the answer itself takes longer than it may."
        )
    if found.showable < found.target:
        most = f"{100 * found.showable:.2f} %"
        return f"{target} cannot be shown: {found.evidence} tickets of history show {most} at most, whatever is kept."
    return f"{target} could not be shown, on {tried_on}."


def _tell_json(found: "Staffing") -> None:
    from puntuale.whatif.staffing import as_facts  # noqa: PLC0415

    click.echo(json.dumps(as_facts(found)))
