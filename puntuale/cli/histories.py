"""What the commands that look back share: our tickets or a log, and the agreement, calendar and rotas they try."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

import click

from puntuale.cli.asking import Call, Failed, agreement_from, content_of
from puntuale.guarantee.agreement import Agreement

if TYPE_CHECKING:
    from puntuale.whatif.histories import Gathering, History, Question
    from puntuale.whatif.written_rota import WrittenRota

SHOWN = 20
FILE = click.Path(path_type=Path, dir_okay=False)


@contextmanager
def looked_back(call: Call, log: Path | None, against: Path | None) -> "Iterator[tuple[Gathering, Agreement]]":
    """Give what was asked and answered, and the agreement there is: of a log, or of our desk, which stays open."""
    if log is not None:
        known = agreement_from(against)
        yield _logged(log, call.at, known.zone), known
        return
    with call.open_desk():
        from puntuale.agreements.reading import NothingInForce, agreement_in_force  # noqa: PLC0415
        from puntuale.whatif import own  # noqa: PLC0415

        try:
            known = agreement_from(against) if against else agreement_in_force(call.at)
        except NothingInForce as problem:
            raise Failed(str(problem)) from problem
        yield own.history(), known


def tried(known: Agreement, new: Path | None, calendar: Path | None) -> Agreement:
    """Return the agreement to try: another one than that there is, perhaps with other hours and holidays."""
    from puntuale.agreements.proposals import propose  # noqa: PLC0415 -- slow to load, and often not needed
    from puntuale.whatif.calendars import CalendarRefused, with_calendar  # noqa: PLC0415

    agreement = agreement_from(new) if new else known
    if calendar is None:
        return agreement
    try:
        return with_calendar(agreement, _text_of(calendar), propose=propose)
    except CalendarRefused as problem:
        raise Failed(f"{calendar}: {problem}") from problem


def rota_called(call: Call, asked: str, *, since: datetime, ours: bool) -> "WrittenRota":
    """Return the rota in a file, or the one of our desk that has this name."""
    from puntuale.whatif.written_rota import WrittenRotaRefused, read  # noqa: PLC0415

    if not asked.strip():
        raise click.UsageError("--rota and --against-rota should name a rota, or a file with one.")
    file = Path(asked)
    if ours and not file.is_file():
        return _rota_of_desk(call, asked, since)
    try:
        return read(_text_of(file))
    except WrittenRotaRefused as problem:
        raise Failed(f"{file}: {problem}") from problem


def beginning_of(histories: "Mapping[Question, History]", otherwise: datetime) -> datetime:
    """Return when history begins, or something else where there is none."""
    firsts = [int(one.sent.min()) for one in histories.values()]
    return datetime.fromtimestamp(min(firsts), UTC) if firsts else otherwise


def fail_over_refused(gathering: "Gathering") -> None:
    """Fail where rows could not be read, which were told as they were read."""
    if gathering.refused:
        raise Failed(f"{len(gathering.refused)} rows could not be read")


def _text_of(file: Path) -> str:
    try:
        return content_of(file).decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise Failed(f"{file} is no text in UTF-8") from problem


def _rota_of_desk(call: Call, name: str, since: datetime) -> "WrittenRota":
    from puntuale.oncall import reading  # noqa: PLC0415
    from puntuale.people.models import Person  # noqa: PLC0415
    from puntuale.whatif.written_rota import WrittenRota  # noqa: PLC0415

    found = reading.rotas().filter(name=name).first()
    if found is None:
        known = ", ".join(reading.rotas().values_list("name", flat=True)) or "none"
        raise Failed(f"{name} is no file, and no rota of ours: {known}")
    rota = reading.as_rota(found, at=call.at, since=since)
    return WrittenRota(rota, dict(Person.objects.values_list("pk", "name")))


def _logged(log: Path, at: datetime, zone: tzinfo) -> "Gathering":
    from puntuale.whatif.histories import HistoryRefused  # noqa: PLC0415
    from puntuale.whatif.logs import gathered  # noqa: PLC0415

    try:
        with log.open("rb") as file:
            found = gathered(file, at=at, zone=zone)
    except HistoryRefused as problem:
        raise Failed(f"{log}: {problem}") from problem
    except OSError as problem:
        raise Failed(f"{log} cannot be read: {problem.strerror}") from problem
    for line in found.refused[:SHOWN]:
        click.echo(line, err=True)
    if more := len(found.refused[SHOWN:]):
        click.echo(f"and {more} more", err=True)
    return found
