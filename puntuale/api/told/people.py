"""People and organisations."""

from pydantic import Field

from puntuale.api.values import Instant, Told
from puntuale.people.models import Organisation, Person, Role, Scope


class OrganisationNamed(Told):
    """An organisation by its name."""

    id: int
    name: str = Field(examples=["Northwind Telephony"])

    @classmethod
    def of(cls, organisation: Organisation) -> "OrganisationNamed":
        """Return it as it is told."""
        return cls(id=organisation.pk, name=organisation.name)


class PersonNamed(Told):
    """A person by her name."""

    id: int
    name: str = Field(examples=["Anna Conti"])
    works_for_vendor: bool = Field(description="Whether she answers tickets rather than sends them.")

    @classmethod
    def of(cls, person: Person) -> "PersonNamed":
        """Return her as she is told."""
        return cls(id=person.pk, name=person.name, works_for_vendor=person.works_for_vendor)


class TokenTold(Told):
    """The token of a request."""

    name: str
    scopes: list[Scope]
    expires_at: Instant


class Me(Told):
    """Whom a token acts for."""

    id: int
    name: str
    email: str
    role: Role
    organisation: OrganisationNamed | None
    language: str
    zone: str
    token: TokenTold


class OrganisationTold(OrganisationNamed):
    """An organisation, with the plan it has now."""

    joined_at: Instant
    plan: str | None

    @classmethod
    def told(cls, organisation: Organisation, plan: str | None) -> "OrganisationTold":
        """Return it as it is told."""
        return cls(id=organisation.pk, name=organisation.name, joined_at=organisation.joined_at, plan=plan)


class PersonTold(Told):
    """A person."""

    id: int
    name: str
    email: str
    role: Role
    organisation: OrganisationNamed | None
    language: str
    zone: str
    joined_at: Instant
    left_at: Instant | None

    @classmethod
    def of(cls, person: Person) -> "PersonTold":
        """Return her as she is told."""
        return cls(
            id=person.pk,
            name=person.name,
            email=person.email,
            role=Role(person.role),
            organisation=OrganisationNamed.of(person.organisation) if person.organisation else None,
            language=person.language,
            zone=person.zone_name,
            joined_at=person.joined_at,
            left_at=person.left_at,
        )
