"""`puntuale what-if`: history under another agreement, calendar or rota, before it is published."""

from pathlib import Path

import click

from puntuale.cli.asking import Call, Failed
from puntuale.cli.histories import FILE, beginning_of, fail_over_refused, looked_back, rota_called, tried
from puntuale.guarantee.calendars import BeyondHorizon


@click.command("what-if")
@click.option("--agreement", "new", type=FILE, metavar="FILE", help="Another agreement.")
@click.option("--calendar", type=FILE, metavar="FILE", help="Other hours and holidays.")
@click.option("--rota", metavar="FILE|NAME", help="Who is on call: a rota in a file, or one of ours.")
@click.option("--against-rota", metavar="FILE|NAME", help="Compare with this rota, not with the same one.")
@click.option("--against", type=FILE, metavar="FILE", help="Compare with this agreement, not the one in force.")
@click.option("--input", "log", metavar="FILE", type=FILE, help="A log in CSV, not our tickets.")
@click.option("--json", "as_json", is_flag=True, help="Answer for programs.")
@click.pass_obj
def command(
    call: Call,
    *,
    new: Path | None,
    calendar: Path | None,
    rota: str | None,
    against_rota: str | None,
    against: Path | None,
    log: Path | None,
    as_json: bool,
) -> None:
    """Replay history under another agreement, calendar or rota.

    Which promises would have been kept, when answers fall due, and how often whoever is on call would have been called
    at night. With --input FILE a log is replayed (submitted_at,plan,priority,answered_at) under the agreement that
    ships, or --against another one, and no database is needed.
    """
    from puntuale.cli import whatif_told as told  # noqa: PLC0415 -- numpy is slow to load
    from puntuale.whatif.comparing import compared  # noqa: PLC0415
    from puntuale.whatif.replaying import replay  # noqa: PLC0415

    if new is None and calendar is None and rota is None:
        raise click.UsageError("What is to be tried? Give --agreement, --calendar or --rota.")
    if against_rota is not None and rota is None:
        raise click.UsageError("--against-rota compares with the rota that is tried: give --rota too.")
    with looked_back(call, log, against) as (gathering, known):
        histories, trying = gathering.histories(), tried(known, new, calendar)
        since = beginning_of(histories, call.at)
        after_rota = rota_called(call, rota, since=since, ours=log is None) if rota is not None else None
        before_rota = after_rota
        if against_rota is not None:
            before_rota = rota_called(call, against_rota, since=since, ours=log is None)
    both, sides = compared(histories, known, trying), []
    for agreement, duty in ((known, before_rota), (trying, after_rota)):
        try:
            found = replay(both.histories, agreement, now=call.at, rota=duty.rota if duty else None)
        except BeyondHorizon as problem:
            raise Failed(str(problem)) from problem
        sides.append(told.Side(found, duty.names if duty else {}))
    (told.as_json if as_json else told.as_text)(sides[0], sides[1], both)
    fail_over_refused(gathering)
