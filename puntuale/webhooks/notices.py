"""Telling the managers that an endpoint was switched off, because nobody took anything there for days."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings

from puntuale.people.models import MANAGING_ROLES, Person
from puntuale.sending.intents import LEAST_URGENT, intend, to_person
from puntuale.sending.kinds import Kind
from puntuale.sending.kinds import register as register_kind
from puntuale.sending.letters import Letter
from puntuale.sending.models import Intent
from puntuale.webhooks.models import Endpoint
from puntuale.wording.languages import words

WEBHOOK_OFF = "webhook_off"


def register() -> None:
    """Let it be told."""
    register_kind(Kind(WEBHOOK_OFF, unwanted=on_again, write=write, for_managers=True))


def tell(endpoint: Endpoint, *, at: datetime) -> None:
    """Mean to tell every manager. A notice about an earlier time that is over makes way for the new one."""
    Intent.objects.filter(kind=WEBHOOK_OFF, about=endpoint.pk, try_at=None).delete()
    for person in Person.objects.filter(role__in=MANAGING_ROLES, left_at=None):
        intend(to_person(person, kind=WEBHOOK_OFF, about=endpoint.pk, rank=LEAST_URGENT, at=at))


def on_again(intents: Sequence[Intent]) -> Mapping[int, str]:
    """Return why some notices need not be sent any more: the endpoint is on again, or gone."""
    about = {intent.about for intent in intents}
    off = set(
        Endpoint.objects.filter(pk__in=about, disabled_at__isnull=False, retired_at=None).values_list("pk", flat=True)
    )
    return {intent.pk: "on_again" for intent in intents if intent.about not in off}


def write(intents: Sequence[Intent], at: datetime) -> Letter:  # noqa: ARG001 -- it tells no time
    """Return one letter for all endpoints that were switched off, in the reader's language."""
    person = intents[0].person
    assert person is not None
    said = words(person.language)
    found = Endpoint.objects.filter(pk__in=[intent.about for intent in intents]).order_by("name")
    lines = [
        said.gettext("The webhook %(name)s was switched off: nothing was taken there for days.") % {"name": one.name}
        for one in found
    ]
    link = f"{settings.BASE_URL}/{person.language}/office/webhooks/"
    return Letter(lines[0], "\n".join([*lines, "", link]) + "\n", link)
