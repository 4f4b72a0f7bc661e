"""Who somebody is here."""

from ninja import Router

from puntuale.api.calls import Call
from puntuale.api.door import reads
from puntuale.api.told.people import Me, OrganisationNamed, TokenTold
from puntuale.people.models import Role, Scope

router = Router(tags=["Me"])


@reads(router, "/me", gives=Me)
def read_me(request: Call) -> Me:
    """Tell whom the token acts for, and what it is good for."""
    person, token = request.person, request.token
    return Me(
        id=person.pk,
        name=person.name,
        email=person.email,
        role=Role(person.role),
        organisation=OrganisationNamed.of(person.organisation) if person.organisation else None,
        language=person.language,
        zone=person.zone_name,
        token=TokenTold(name=token.name, scopes=[Scope(scope) for scope in token.scopes], expires_at=token.expires_at),
    )
