"""`puntuale explain`: a quote, or a ticket's promise, with everything it rests on."""

from datetime import datetime
from pathlib import Path

import click

from puntuale.cli import telling
from puntuale.cli.asking import Call, Failed, agreement_from, agreement_option, language_option
from puntuale.cli.instants import InstantType
from puntuale.cli.quote import USUAL_ENVIRONMENT, promised


@click.command("explain")
@click.argument("number", type=click.IntRange(min=1), required=False)
@click.option("--plan", help="Support plan, such as advanced.")
@click.option("--priority", help="Priority, such as 1. Left out: the agreement's default.")
@click.option("--at", "at", type=InstantType(), help="When the ticket is sent, with its zone. Left out: now.")
@click.option("--product-stage", help="Stage of the product, such as beta. Left out: released.")
@click.option("--environment", help="Where it happens, such as staging. Left out: production.")
@agreement_option
@language_option
@click.pass_obj
def command(
    call: Call,
    *,
    number: int | None,
    plan: str | None,
    priority: str | None,
    at: datetime | None,
    product_stage: str | None,
    environment: str | None,
    agreement_file: Path | None,
    language: str,
) -> None:
    """Tell why a due time is what it is: of the ticket with this NUMBER, or of a quote by its options.

    A quote needs no database.
    """
    if number is not None:
        if any((plan, priority, at, product_stage, environment, agreement_file)):
            raise click.UsageError("a ticket's promise is explained by its number alone")
        with call.open_desk():
            click.echo("\n".join(_ticket(number, call.at, language)))
        return
    if plan is None:
        raise click.UsageError("give a ticket's number, or --plan and what else a quote needs")
    agreement = agreement_from(agreement_file)
    promise = promised(
        agreement,
        plan=plan,
        priority=priority,
        environment=environment,
        stage=product_stage,
        at=at or call.at,
        language=language,
    )
    stage = product_stage or agreement.usual_stage
    told = telling.explanation(promise, agreement, language, environment=environment or USUAL_ENVIRONMENT, stage=stage)
    click.echo("\n".join(told))


def _ticket(number: int, at: datetime, language: str) -> list[str]:
    from puntuale.agreements.reading import agreement_of  # noqa: PLC0415
    from puntuale.tickets.models import Kind, Ticket  # noqa: PLC0415
    from puntuale.tickets.replay import replay  # noqa: PLC0415

    ticket = Ticket.objects.filter(pk=number).first()
    if ticket is None:
        raise Failed(f"There is no ticket {number}.")
    course = replay(ticket.events.order_by("number")).first_response
    agreement = agreement_of(course.current.version)
    stage = ticket.events.get(kind=Kind.SUBMITTED).facts["stage"]
    told = telling.explanation(course.current, agreement, language, environment=ticket.environment, stage=stage)
    return [f"#{ticket.number} {ticket.subject}", *told, *telling.outcome(course, language, agreement.zone, at=at)]
