"""What a ticket would be promised."""

from ninja import Query, Router
from pydantic import Field

from puntuale.agreements.reading import agreement_in_force, plan_in_force
from puntuale.api import finding
from puntuale.api.calls import Call
from puntuale.api.door import reads
from puntuale.api.told.promises import Quote
from puntuale.api.values import Asked, EnvironmentKey, Instant, Number, PlanKey, PriorityKey
from puntuale.guarantee.promise import quote as quoted
from puntuale.looks.requests import language
from puntuale.tickets.submission import stage_of

router = Router(tags=["Promises"])


class QuoteAsked(Asked):
    """The ticket that a promise is asked for."""

    priority: PriorityKey | None = Field(None, description="A priority; the default one of the agreement without it.")
    environment: EnvironmentKey | None = Field(
        None, description="Where it shows; the first one of the agreement without it."
    )
    product: Number | None = Field(None, description="What it is about.")
    plan: PlanKey | None = Field(None, description="A plan; without it the one that your organisation has.")
    at: Instant | None = Field(None, description="When the ticket would be sent; now without it.")


@reads(router, "/quote", gives=Quote, also=(409,))
def quote(request: Call, asked: Query[QuoteAsked]) -> Quote:
    """Tell by when a ticket would be answered.

    Nothing is sent: this is the promise that a ticket would get, with the worked sum of its due time.
    """
    sent_at = asked.at or request.at
    agreement = agreement_in_force(sent_at)
    place = asked.environment or agreement.environments[0].key
    promise = quoted(
        agreement,
        plan=asked.plan or plan_in_force(request.person.organisation, sent_at, agreement),
        priority=asked.priority,
        environment=place,
        stage=stage_of(finding.product(asked.product, "query.product"), agreement),
        at=sent_at,
    )
    return Quote.of(promise, agreement, place, language())
