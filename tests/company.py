"""A small company for tests: one organisation per plan, its people, two agents, a manager, two products."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from puntuale.agreements.contracts import sign
from puntuale.agreements.models import Product
from puntuale.agreements.publication import publish
from puntuale.people.joining import add_person, found_organisation
from puntuale.people.models import Organisation, Person, Role
from puntuale.tickets.submission import submit
from puntuale.watch.heartbeat import beat
from tests.guarantee.documents import STANDARD

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
FAR_AHEAD = datetime(2100, 1, 1, tzinfo=UTC)
PASSWORD = "a long enough secret"


@dataclass(frozen=True)
class Company:
    basic: Organisation
    professional: Organisation
    advanced: Organisation
    bruno: Person
    paola: Person
    anna: Person
    andrea: Person
    ada: Person
    grace: Person
    mara: Person
    telephony: Product
    transcripts: Product

    def ticket(self, by=None, priority="1", at=None, subject="Calls drop", **more):
        return submit(
            requester=by or self.anna,
            subject=subject,
            body=more.pop("body", "Since this morning."),
            environment=more.pop("environment", "production"),
            product=more.pop("product", self.telephony),
            priority=priority,
            key=more.pop("key", None) or uuid4(),
            at=at or datetime(2026, 11, 20, 15, 0, tzinfo=UTC),
            **more,
        )


def made(password=PASSWORD):
    publish(STANDARD, effective_from=LONG_AGO, at=LONG_AGO)
    # The watch is alive, whatever the time of a test.
    beat("a worker", at=FAR_AHEAD)

    def organisation(name, plan):
        found = found_organisation(name=name, at=LONG_AGO)
        sign(found, plan=plan, starts_at=LONG_AGO, at=LONG_AGO, answering=mara)
        return found

    def person(name, email, role=Role.CUSTOMER, of=None, language="en", zone="Europe/Rome"):
        return add_person(
            name=name,
            email=email,
            password=password,
            role=role,
            organisation=of,
            language=language,
            zone_name=zone,
            at=LONG_AGO,
        )

    mara = person("Mara Villa", "mara@puntuale.test", Role.MANAGER, language="it")
    basic, professional, advanced = (
        organisation(name, plan)
        for name, plan in (("Litware", "basic"), ("Fabrikam", "professional"), ("Northwind Telephony", "advanced"))
    )
    return Company(
        basic=basic,
        professional=professional,
        advanced=advanced,
        bruno=person("Bruno Basso", "bruno@litware.test", of=basic),
        paola=person("Paola Neri", "paola@fabrikam.test", of=professional, language="it"),
        anna=person("Anna Conti", "anna@northwind.test", of=advanced),
        andrea=person("Andrea Rossi", "andrea@northwind.test", Role.ORGANISATION_ADMIN, of=advanced, language="it"),
        ada=person("Ada Byron", "ada@puntuale.test", Role.AGENT),
        grace=person("Grace Hopper", "grace@puntuale.test", Role.AGENT, zone="America/New_York"),
        mara=mara,
        telephony=Product.objects.create(name="Telephony", stage="released", added_at=LONG_AGO),
        transcripts=Product.objects.create(name="Transcripts", stage="beta", added_at=LONG_AGO),
    )
