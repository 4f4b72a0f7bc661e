"""What customers are told when a priority changes, in the managers' own words."""

import pytest

from puntuale.people.models import AuditEntry
from puntuale.tickets import suggested_texts
from puntuale.tickets.models import Grounds, SuggestedText
from puntuale.tickets.rights import NotAManager
from puntuale.tickets.suggested_texts import UnknownPlaceholder, suggestion, usual, write
from tests.tickets.deeds import FRIDAY


def test_the_usual_text_until_managers_write_their_own(company):
    usual_one = suggestion("how_to", "it", was="1", to="3")
    write(
        Grounds.HOW_TO, "it", "Da {{ was }} a {{to}}: {{ no }}".replace("{{ no }}", "ecco"), by=company.mara, at=FRIDAY
    )
    assert suggestion("how_to", "it", was="1", to="3") == "Da 1 a 3: ecco"
    assert "1" not in suggestion("how_to", "en", was="1", to="3")
    write(Grounds.HOW_TO, "it", "", by=company.mara, at=FRIDAY)
    assert suggestion("how_to", "it", was="1", to="3") == usual_one
    assert AuditEntry.objects.filter(action="suggested_text_changed").count() == 2


def test_the_usual_text_saved_again_is_no_text_of_ones_own(company):
    write(Grounds.OTHER, "en", usual("other", "en"), by=company.mara, at=FRIDAY)
    assert not SuggestedText.objects.exists()
    assert "{{ to }}" in suggested_texts.template("other", "en")


def test_a_percent_sign_and_braces_do_no_harm(company):
    write(Grounds.OTHER, "en", "100 % of %(to)s {{to}} {", by=company.mara, at=FRIDAY)
    assert suggestion("other", "en", was="1", to="2") == "100 % of %(to)s 2 {"


def test_agents_and_unknown_variables_are_refused(company):
    with pytest.raises(NotAManager):
        write(Grounds.OTHER, "en", "x", by=company.ada, at=FRIDAY)
    with pytest.raises(UnknownPlaceholder):
        write(Grounds.OTHER, "en", "{{ ticket.secret }}", by=company.mara, at=FRIDAY)
    with pytest.raises(KeyError):
        write(Grounds.OTHER, "tlh", "nuqneH", by=company.mara, at=FRIDAY)
