"""Whether the tables could be spread over servers by organisation: everything of a ticket stays beside it."""

import re
from pathlib import Path

from puntuale.tickets import conversation
from puntuale.tickets.models import Link, Ticket
from tests.access.conftest import world
from tests.access.world import AT
from tests.house import keys

__all__ = ["world"]
SCALING = Path(__file__).parents[2] / "docs" / "scaling.md"


def test_the_table_of_keys_is_that_of_the_database():
    told = re.findall(r"(?m)^\| [a-z]+_[a-z]+ \| .*organisation \| .* \|$", SCALING.read_text())
    assert told == keys.lines()


def test_no_row_refers_to_another_organisation_s(world):
    assert Ticket.objects.exclude(merged_into=None).exists()
    conversation.follow_up(world.cancelled, body="Once more.", by=world.company.anna, at=AT)
    assert Link.objects.exists()
    assert keys.crossing() == []


def test_a_row_that_does_is_found(world):
    theirs = Ticket.objects.exclude(organisation=world.company.advanced).earliest("pk")
    Ticket.objects.filter(pk=theirs.pk).update(merged_into=world.open)
    assert keys.crossing() == [("tickets_ticket", "merged_into_id", theirs.pk)]
