"""Organisations, their people and their contracts, for those who run the desk."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import Http404
from ninja import Query, Router
from pydantic import Field

from puntuale.agreements import contracts
from puntuale.agreements.models import Contract
from puntuale.agreements.reading import plan_in_force
from puntuale.api import pages
from puntuale.api.calls import Call
from puntuale.api.door import does, reads
from puntuale.api.pages import Page, PageAsked
from puntuale.api.told.agreements import ContractTold
from puntuale.api.told.people import OrganisationTold, PersonTold
from puntuale.api.values import Asked, Flag, Instant, Number, PlanKey
from puntuale.looks.requests import address_of
from puntuale.people import organisations
from puntuale.people.models import Organisation, Person, Role

router = Router(tags=["Organisations"])


class OrganisationsAsked(PageAsked):
    """Which organisations are asked for."""

    name: str | None = Field(None, max_length=100, description="Those whose name has this in it.")


class PeopleAsked(PageAsked):
    """Which people are asked for."""

    organisation: Number | None = None
    role: Role | None = None
    email: str | None = Field(None, max_length=254, description="Whoever has this address.")
    name: str | None = Field(None, max_length=100, description="Those whose name has this in it.")


class Name(Asked):
    """What an organisation is called."""

    name: str = Field(max_length=organisations.LONGEST_NAME)


class NewContract(Asked):
    """A contract that is to be signed. It takes the place of the one that is in force when it starts."""

    plan: PlanKey
    starts_at: Instant | None = Field(None, description="Now without it.")
    ends_at: Instant | None = Field(None, description="The first instant without it; never without it.")
    answers: Flag = Field(
        default=False, description="Whether you answer for promises that nobody may be there to keep."
    )


class End(Asked):
    """When a contract ends."""

    ends_at: Instant | None = Field(None, description="Now without it.")


@reads(router, "/organisations", gives=Page[OrganisationTold])
def list_organisations(request: Call, asked: Query[OrganisationsAsked]) -> Page[OrganisationTold]:
    """List organisations."""
    found = Organisation.objects.all()
    if asked.name:
        found = found.filter(name__icontains=asked.name)
    rows, following = pages.of_rows(request, found, asked)
    plans = _plans(rows, request.at)
    return Page(items=[OrganisationTold.told(one, plans.get(one.pk)) for one in rows], next=following)


@does(router, "/organisations", gives=OrganisationTold, status=201)
def found_organisation(request: Call, organisation: Name) -> OrganisationTold:
    """Take in an organisation."""
    made = organisations.found(name=organisation.name, by=request.person, at=request.at, address=address_of(request))
    return _told(request, made)


@reads(router, "/organisations/{key}", gives=OrganisationTold)
def read_organisation(request: Call, key: Number) -> OrganisationTold:
    """Read an organisation, with the plan it has now."""
    return _told(request, _organisation(key))


@does(router, "/organisations/{key}/name", gives=OrganisationTold)
def rename_organisation(request: Call, key: Number, name: Name) -> OrganisationTold:
    """Give an organisation another name."""
    found = _organisation(key)
    organisations.rename(found, name=name.name, by=request.person, at=request.at, address=address_of(request))
    return _told(request, found)


@reads(router, "/organisations/{key}/contracts", gives=Page[ContractTold])
def list_contracts(request: Call, key: Number, asked: Query[PageAsked]) -> Page[ContractTold]:
    """List the contracts that an organisation has, had and will have."""
    rows, following = pages.of_rows(request, Contract.objects.filter(organisation=_organisation(key)), asked)
    return Page(items=[ContractTold.of(one) for one in rows], next=following)


@does(router, "/organisations/{key}/contracts", gives=ContractTold, status=201)
def sign_contract(request: Call, key: Number, contract: NewContract) -> ContractTold:
    """Sign a contract. An upgrade brings open promises forward when it begins."""
    found, starts_at = _organisation(key), contract.starts_at or request.at
    if contract.ends_at is not None and contract.ends_at <= starts_at:
        raise contracts.EndRefused("end.before_start")
    signed = contracts.change_plan(
        found,
        plan=contract.plan,
        starts_at=starts_at,
        ends_at=contract.ends_at,
        answers=contract.answers,
        by=request.person,
        at=request.at,
        address=address_of(request),
    )
    return ContractTold.of(signed)


@does(router, "/contracts/{key}/end", gives=ContractTold)
def end_contract(request: Call, key: Number, end: End) -> ContractTold:
    """Let a contract end at another instant. Open promises stay as they are."""
    found = Contract.objects.select_related("organisation").filter(pk=key).first()
    if found is None:
        raise Http404
    ended = contracts.end(
        found,
        ends_at=end.ends_at or request.at,
        by=request.person,
        at=request.at,
        address=address_of(request),
    )
    return ContractTold.of(ended)


@reads(router, "/people", gives=Page[PersonTold])
def list_people(request: Call, asked: Query[PeopleAsked]) -> Page[PersonTold]:
    """List people. Those who have left are for whoever runs the desk."""
    equal = {"organisation": asked.organisation, "role": asked.role, "email": asked.email or None}
    found = _people(request).filter(**{name: said for name, said in equal.items() if said is not None})
    if asked.name:
        found = found.filter(Q(name__icontains=asked.name))
    rows, following = pages.of_rows(request, found, asked)
    return Page(items=[PersonTold.of(one) for one in rows], next=following)


@reads(router, "/people/{key}", gives=PersonTold)
def read_person(request: Call, key: Number) -> PersonTold:
    """Read who a person is."""
    found = _people(request).filter(pk=key).first()
    if found is None:
        raise Http404
    return PersonTold.of(found)


def _people(call: Call) -> QuerySet[Person]:
    found = Person.objects.select_related("organisation")
    return found if call.person.manages else found.filter(left_at=None)


def _organisation(key: int) -> Organisation:
    found = Organisation.objects.filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def _told(call: Call, organisation: Organisation) -> OrganisationTold:
    return OrganisationTold.told(organisation, plan_in_force(organisation, call.at))


def _plans(rows: list[Organisation], at: datetime) -> dict[int, str]:
    """Return the plan of each organisation that has one, with one query for all of them."""
    in_force = Contract.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at, organisation__in=rows)
    return dict(in_force.values_list("organisation_id", "plan"))
