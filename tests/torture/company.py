"""The company of a run. Its targets are minutes, so that alarms come due while the run lasts, and it is always open."""

import json
from datetime import timedelta
from itertools import product

from puntuale.agreements.contracts import sign
from puntuale.agreements.models import Product
from puntuale.agreements.publication import publish
from puntuale.oncall.chains import DrawnStep, shape
from puntuale.oncall.models import Contact
from puntuale.people.joining import add_person, found_organisation
from puntuale.people.models import Role
from tests.guarantee.documents import bent
from tests.torture.cast import AGENTS, CUSTOMERS, MANAGER, PASSWORD

TARGETS = {"1": "1m always", "2": "2m always", "3": "3m always"}
ALARMS = (("10%", ["assignee"]), ("25%", ["team"]), ("50%", ["assignee", "on_call"]), ("due", ["team", "manager"]))
WAIT, ROUNDS = 60, 2
A_MOMENT = timedelta(seconds=1)


def document():
    """The agreement that ships, made short: the second version, since a desk begins with the first."""
    changes = {"version": 2, "alarm": [{"at": at, "tell": tell} for at, tell in ALARMS]}
    for plan, (priority, target) in product(("professional", "advanced"), TARGETS.items()):
        changes[f"first_response.{plan}.{priority}"] = target
    return json.dumps(bent(changes), default=str)


def found(at, hook):
    """Publish the agreement, sign the contracts, let everybody in, draw who is paged, and return when all is in force.

    Agents have webhooks at the address `hook`, beside their e-mail.
    """
    begins = at + A_MOMENT
    publish(document(), effective_from=begins, at=at, allowing_warnings=True)
    _on_call(at, hook)
    organisations = {}
    for email, plan in CUSTOMERS.items():
        if plan not in organisations:
            organisations[plan] = found_organisation(name=email.split("@")[1], at=at)
            sign(organisations[plan], plan=plan, starts_at=at, at=at)
        _person(email, Role.CUSTOMER, at, organisations[plan])
    for name, stage in (("Telephony", "released"), ("Transcripts", "beta")):
        Product.objects.create(name=name, stage=stage, added_at=at)
    return begins


def _on_call(at, hook):
    agents = [_person(email, Role.AGENT, at) for email in AGENTS]
    manager = _person(MANAGER, Role.MANAGER, at)
    for agent in agents:
        Contact.objects.create(
            person=agent, channel="webhook", address=f"{hook}{agent.pk}", added_at=at, verified_at=at
        )
    steps = [DrawnStep(WAIT, people=(agents[0].pk,)), DrawnStep(WAIT, people=(agents[1].pk, manager.pk))]
    shape(None, name="Day and night", steps=steps, by=manager, at=at, rounds=ROUNDS, answer_within=WAIT)


def _person(email, role, at, organisation=None):
    return add_person(
        name=email.split("@")[0].title(), email=email, password=PASSWORD, role=role, at=at, organisation=organisation
    )
