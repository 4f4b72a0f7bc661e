"""Drafts, products and the settings of the desk."""

import pytest

from puntuale.agreements import desk, drafting, products
from puntuale.agreements.publication import publish
from puntuale.guarantee import document
from puntuale.guarantee.agreement import UnknownTerm
from puntuale.guarantee.zones import UnknownZone
from puntuale.people.models import AuditEntry
from tests.company import LONG_AGO
from tests.guarantee.documents import STANDARD
from tests.tickets.deeds import FRIDAY


def test_a_draft_begins_with_the_newest_version_numbered_as_the_next(company):
    draft = drafting.begun(company.mara, at=FRIDAY)
    assert draft.source == STANDARD.replace("version = 1\n", "version = 2\n")
    assert (draft.based_on, draft.pk) == (1, None), "nothing is kept before something is written"


def test_each_manager_has_a_draft_of_her_own(company):
    drafting.save(company.mara, "one\r\ntwo", at=FRIDAY)
    drafting.save(company.ada, "three", at=FRIDAY)
    assert drafting.draft_of(company.mara).source == "one\ntwo"
    drafting.discard(company.mara)
    assert drafting.draft_of(company.mara) is None
    assert drafting.draft_of(company.ada).source == "three"
    with pytest.raises(drafting.DraftTooLarge):
        drafting.save(company.mara, "x" * 1_000_001, at=FRIDAY)


def test_without_a_version_the_draft_is_the_one_that_ships(db):
    assert drafting.next_source() == STANDARD


def test_a_version_written_as_json_goes_on_as_json(company):
    import json  # noqa: PLC0415

    written = document.as_document(document.read(STANDARD).sound()) | {"version": 2}
    publish(json.dumps(written), effective_from=FRIDAY, at=FRIDAY)
    assert json.loads(drafting.next_source())["version"] == 3


def test_products_have_stages_of_the_agreement(company):
    made = products.shape(None, name="  Video   calls ", stage="beta", by=company.mara, at=FRIDAY)
    assert (made.name, made.added_at) == ("Video calls", FRIDAY)
    with pytest.raises(UnknownTerm):
        products.shape(made, name="Video calls", stage="alpha", by=company.mara, at=FRIDAY)
    for name, rule in (("Telephony", "name.taken"), (" ", "name.length")):
        with pytest.raises(products.ProductRefused) as refused:
            products.shape(None, name=name, stage="beta", by=company.mara, at=FRIDAY)
        assert refused.value.rule == rule
    products.retire(made, by=company.mara, at=FRIDAY)
    products.bring_back(made, by=company.mara, at=FRIDAY)
    assert [one.action for one in AuditEntry.objects.all()[:3]] == [
        "product_brought_back",
        "product_retired",
        "product_changed",
    ]


def test_the_desk_has_a_name_a_language_and_a_zone(company):
    assert desk.settings().name == "Puntuale"
    desk.arrange(name="Acme Help", language="it", zone_name="Europe/Rome", by=company.mara, at=LONG_AGO)
    desk.arrange(name="Acme Help", language="de", zone_name="Europe/Rome", by=company.mara, at=FRIDAY)
    assert (desk.settings().name, desk.settings().language) == ("Acme Help", "de")
    assert AuditEntry.objects.first().details == {"language": ["it", "de"]}
    with pytest.raises(desk.NameRefused):
        desk.arrange(name=" ", language="de", zone_name="Europe/Rome", by=company.mara, at=FRIDAY)
    with pytest.raises(UnknownZone):
        desk.arrange(name="Acme", language="de", zone_name="CET", by=company.mara, at=FRIDAY)
