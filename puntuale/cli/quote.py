"""`puntuale quote`: what would be promised to a ticket, without a database and without settings."""

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import click

from puntuale.cli.asking import Call, Failed, agreement_from, agreement_option, language_option
from puntuale.cli.instants import InstantType
from puntuale.guarantee.agreement import Agreement, PriorityBarred, UnknownTerm
from puntuale.guarantee.calendars import BeyondHorizon, refuse_beyond
from puntuale.guarantee.promise import Promise, quote
from puntuale.guarantee.reckoning import Reckoning, reckon, utc_text

USUAL_ENVIRONMENT = "production"


@click.command("quote")
@click.option("--plan", help="Support plan, such as advanced.")
@click.option("--priority", help="Priority, such as 1. Left out: the agreement's default.")
@click.option("--at", "at", type=InstantType(), help="When the ticket is sent, with its zone. Left out: now.")
@click.option("--product-stage", help="Stage of the product, such as beta. Left out: released.")
@click.option("--environment", help="Where it happens, such as staging. Left out: production.")
@click.option(
    "--input", "input_file", metavar="FILE", help="CSV with the columns submitted_at,plan,priority; - is stdin."
)
@click.option("--json", "as_json", is_flag=True, help="Answer for programs.")
@agreement_option
@language_option
@click.pass_obj
def command(
    call: Call,
    *,
    plan: str | None,
    priority: str | None,
    at: datetime | None,
    product_stage: str | None,
    environment: str | None,
    input_file: str | None,
    as_json: bool,
    agreement_file: Path | None,
    language: str,
) -> None:
    """Tell by when a ticket would be answered, and how that is counted.

    With --input, quote every row of a CSV file: the same rows come out with due_at and no_guarantee appended.
    """
    agreement = agreement_from(agreement_file)
    if input_file is not None:
        _quote_rows(input_file, agreement, (plan, priority, at, product_stage, environment, as_json or None))
        return
    if plan is None:
        raise click.UsageError(f"--plan is needed; the plans are {', '.join(known.key for known in agreement.plans)}")
    promise = promised(
        agreement,
        plan=plan,
        priority=priority,
        environment=environment,
        stage=product_stage,
        at=at or call.at,
        language=language,
    )
    if as_json:
        click.echo(json.dumps(as_facts(promise, agreement, language), ensure_ascii=False))
        return
    # Words for people need the language tables, which programs should not wait for.
    from puntuale.cli import telling  # noqa: PLC0415

    click.echo("\n".join(telling.quote(promise, agreement, language)))


def promised(
    agreement: Agreement,
    *,
    plan: str,
    priority: str | None,
    environment: str | None,
    stage: str | None,
    at: datetime,
    language: str,
) -> Promise:
    """Return the promise for the options given. What the agreement does not know is a mistake in usage."""
    try:
        refuse_beyond(at)
        agreement.plan(plan)
        return quote(
            agreement,
            plan=plan,
            priority=priority,
            environment=environment or USUAL_ENVIRONMENT,
            stage=stage or agreement.usual_stage,
            at=at,
        )
    except UnknownTerm as problem:
        option = "--" + problem.kind.replace(" ", "-")
        raise click.UsageError(f"{option}: {problem.value!r} is not one of {', '.join(problem.known)}") from problem
    except PriorityBarred as problem:
        from puntuale.cli import telling  # noqa: PLC0415

        raise Failed(telling.barred(problem, language)) from problem
    except BeyondHorizon as problem:
        raise Failed(f"--at {at.isoformat()}: {problem.args[0]}") from problem


def as_facts(promise: Promise, agreement: Agreement, language: str) -> dict[str, object]:
    """Return a promise as plain values for programs, as `docs/reference` describes them."""
    reckoning = reckoning_of(promise, agreement)
    return {
        "plan": promise.plan,
        "priority": promise.priority,
        "submitted_at": utc_text(promise.made_at),
        "due_at": utc_text(promise.due_at) if promise.due_at else None,
        "target": str(promise.target) if promise.target else None,
        "no_guarantee": promise.reason.value if promise.reason else None,
        "sum": reckoning.as_facts(language) if reckoning else [],
    }


def reckoning_of(promise: Promise, agreement: Agreement) -> Reckoning | None:
    """Return the worked sum of a promise, or None when there is no guarantee."""
    if promise.due_at is None or promise.target is None:
        return None
    calendar = agreement.calendar(promise.target.hours)
    return reckon(calendar, start=promise.start_at, due=promise.due_at, target=promise.target)


def _quote_rows(input_file: str, agreement: Agreement, others: tuple[object, ...]) -> None:
    if any(other is not None for other in others):
        raise click.UsageError(
            "--input takes plan, priority and instant from its rows, as it does environment and stage; it answers CSV"
        )
    from puntuale.cli.quoted_rows import Rows  # noqa: PLC0415

    rows = Rows(agreement, USUAL_ENVIRONMENT, report=lambda said: click.echo(said, err=True))
    if input_file == "-":
        sound = rows.quote(_lines(sys.stdin.buffer, "standard input"), sys.stdout, name="standard input")
    else:
        with _opened(input_file) as source:
            sound = rows.quote(_lines(source, input_file), sys.stdout, name=input_file)
    if not sound:
        raise click.exceptions.Exit(1)


def _opened(name: str) -> BinaryIO:
    try:
        return Path(name).open("rb")
    except OSError as problem:
        raise Failed(f"{name} cannot be read: {problem.strerror}") from problem


def _lines(source: BinaryIO, name: str) -> Iterator[bytes]:
    """Yield the lines of a file. What goes wrong in between belongs to reading it, not to writing the answer."""
    try:
        yield from source
    except OSError as problem:
        raise Failed(f"{name} cannot be read: {problem.strerror}") from problem
