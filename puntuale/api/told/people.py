"""People and organisations."""

from pydantic import Field

from puntuale.api.values import Instant, Told
from puntuale.people.models import Organisation, Person, Role, Scope


class OrganisationNamed(Told):
    """An organisation by its name."""

    id: int
    name: str

    @classmethod
    def of(cls, organisation: Organisation) -> "OrganisationNamed":
        """Return it as it is told."""
        return cls(id=organisation.pk, name=organisation.name)


class PersonNamed(Told):
    """A person by her name."""

    id: int
    name: str
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
