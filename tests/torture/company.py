"""The company of a run. Its targets are minutes, so that alarms come due while the run lasts, and it is always open."""

import json
from datetime import timedelta
from itertools import product

from puntuale.agreements.contracts import sign
from puntuale.agreements.models import Product
from puntuale.agreements.publication import publish
from puntuale.people.joining import add_person, found_organisation
from puntuale.people.models import Role
from tests.guarantee.documents import bent
from tests.torture.cast import AGENTS, CUSTOMERS, MANAGER, PASSWORD

TARGETS = {"1": "1m always", "2": "2m always", "3": "3m always"}
ALARMS = (("10%", ["assignee"]), ("25%", ["team"]), ("50%", ["assignee", "on_call"]), ("due", ["team", "manager"]))
A_MOMENT = timedelta(seconds=1)


def document():
    """The agreement that ships, made short: the second version, since a desk begins with the first."""
    changes = {"version": 2, "alarm": [{"at": at, "tell": tell} for at, tell in ALARMS]}
    for plan, (priority, target) in product(("professional", "advanced"), TARGETS.items()):
        changes[f"first_response.{plan}.{priority}"] = target
    return json.dumps(bent(changes), default=str)


def found(at):
    """Publish the agreement, sign the contracts, let everybody in, and return from when on all that is in force."""
    begins = at + A_MOMENT
    publish(document(), effective_from=begins, at=at, allowing_warnings=True)
    organisations = {}
    for email, plan in CUSTOMERS.items():
        if plan not in organisations:
            organisations[plan] = found_organisation(name=email.split("@")[1], at=at)
            sign(organisations[plan], plan=plan, starts_at=at, at=at)
        _person(email, Role.CUSTOMER, at, organisations[plan])
    for email in AGENTS:
        _person(email, Role.AGENT, at)
    _person(MANAGER, Role.MANAGER, at)
    for name, stage in (("Telephony", "released"), ("Transcripts", "beta")):
        Product.objects.create(name=name, stage=stage, added_at=at)
    return begins


def _person(email, role, at, organisation=None):
    add_person(
        name=email.split("@")[0].title(), email=email, password=PASSWORD, role=role, at=at, organisation=organisation
    )
