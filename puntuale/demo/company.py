"""The company of the demo: a vendor of cloud telephony, six customers on three plans, and the people of all."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files

from django.contrib.auth.hashers import make_password

from puntuale.agreements.contracts import sign
from puntuale.agreements.models import Product
from puntuale.agreements.publication import publish
from puntuale.people.joining import add_person, found_organisation
from puntuale.people.models import Organisation, OrganisationDomain, Person, Role

PASSWORD = "on-time-every-time"  # noqa: S105 -- printed on the screen by whoever starts the demo
FIRST_LOGIN = "sofia@harbourlane.example"


@dataclass(frozen=True)
class Company:
    """Everybody the stories of the demo speak of."""

    sofia: Person
    liam: Person
    pietro: Person
    chiara: Person
    tommaso: Person
    katrin: Person
    elodie: Person
    lucia: Person
    ada: Person
    jonas: Person
    mara: Person
    voice: Product
    recording: Product
    numbers: Product
    transcripts: Product
    assistant: Product


def founded(*, at: datetime) -> Company:
    """Return the company, with contracts that began half a year ago and an agreement published before them."""
    long_ago = at - timedelta(days=200)
    standard = files("puntuale.agreements").joinpath("standard.toml").read_text(encoding="utf-8")
    publish(standard, effective_from=long_ago, at=long_ago)
    # Hashing a password takes a tenth of a second on purpose. These are all the same and no secret.
    password = make_password(PASSWORD)

    def person(name: str, email: str, role: Role, of: Organisation | None, language: str, zone: str) -> Person:  # noqa: PLR0917
        added = add_person(
            name=name,
            email=email,
            password=None,
            role=role,
            organisation=of,
            language=language,
            zone_name=zone,
            at=long_ago,
        )
        added.password = password
        added.save(update_fields=["password"])
        if of is not None:
            known = {"organisation": of, "known_since": long_ago}
            OrganisationDomain.objects.get_or_create(domain=email.rpartition("@")[2], defaults=known)
        return added

    mara = person("Mara Villa", "mara@desk.example", Role.MANAGER, None, "it", "Europe/Rome")
    clinic = _customer("Harbour Lane Clinic", "advanced", long_ago, answering=mara, ends=at + timedelta(days=130))
    works = _customer("Officine Brenta", "professional", long_ago, ends=at + timedelta(days=165))
    bakery = _customer("Pasticceria Dolcemare", "basic", long_ago)
    lawyers = _customer("Kanzlei Lindner", "advanced", long_ago, answering=mara, ends=at + timedelta(days=60))
    architects = _customer("Atelier Moreau", "professional", long_ago, ends=at + timedelta(days=210))
    hotel = _customer("Hotel Alborada", "professional", long_ago, ends=at + timedelta(days=300))

    return Company(
        sofia=person("Sofia Marsh", FIRST_LOGIN, Role.ORGANISATION_ADMIN, clinic, "en", "Europe/London"),
        liam=person("Liam Okafor", "liam@harbourlane.example", Role.CUSTOMER, clinic, "en", "Europe/London"),
        pietro=person("Pietro Brenta", "pietro@brenta.example", Role.ORGANISATION_ADMIN, works, "it", "Europe/Rome"),
        chiara=person("Chiara Fontana", "chiara@brenta.example", Role.CUSTOMER, works, "it", "Europe/Rome"),
        tommaso=person("Tommaso Riva", "tommaso@dolcemare.example", Role.CUSTOMER, bakery, "it", "Europe/Rome"),
        katrin=person("Katrin Lindner", "katrin@lindner.example", Role.CUSTOMER, lawyers, "de", "Europe/Berlin"),
        elodie=person("Élodie Moreau", "elodie@moreau.example", Role.CUSTOMER, architects, "fr", "Europe/Paris"),
        lucia=person("Lucía Romero", "lucia@alborada.example", Role.CUSTOMER, hotel, "es", "Europe/Madrid"),
        ada=person("Ada Lorenzi", "ada@desk.example", Role.AGENT, None, "it", "Europe/Rome"),
        jonas=person("Jonas Weber", "jonas@desk.example", Role.AGENT, None, "en", "Europe/Berlin"),
        mara=mara,
        voice=_product("Voice", "released", long_ago),
        recording=_product("Call recording", "released", long_ago),
        numbers=_product("Numbers", "released", long_ago),
        transcripts=_product("Transcripts", "beta", long_ago),
        assistant=_product("Call assistant", "preview", long_ago),
    )


def _customer(
    name: str, plan: str, at: datetime, ends: datetime | None = None, answering: Person | None = None
) -> Organisation:
    found = found_organisation(name=name, at=at)
    sign(found, plan=plan, starts_at=at, ends_at=ends, at=at, answering=answering)
    return found


def _product(name: str, stage: str, at: datetime) -> Product:
    return Product.objects.create(name=name, stage=stage, added_at=at)
