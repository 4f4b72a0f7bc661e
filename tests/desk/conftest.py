"""What waits at the desk in these tests."""

from datetime import timedelta

import pytest


@pytest.fixture
def waiting(company, now):
    """Monday at noon: what has been missed, what is due soon, what is due later, and two tickets without a guarantee."""
    now.is_("2026-11-23T12:00:00+01:00")
    friday = now.at - timedelta(days=3)
    return {
        "none": company.ticket(company.bruno, "1", friday, subject="On the basic plan"),
        "beta": company.ticket(company.anna, "1", friday, subject="About the beta", product=company.transcripts),
        "later": company.ticket(company.paola, "3", now.at, subject="Due later"),
        "missed": company.ticket(company.anna, "1", now.at - timedelta(minutes=102), subject="Missed"),
        "soon": company.ticket(company.anna, "1", now.at - timedelta(minutes=46), subject="Due soon"),
    }


@pytest.fixture
def ada(signed_in):
    return signed_in("ada")


@pytest.fixture
def ticket(company, now):
    return company.ticket(company.anna, "2", now.at)


def at(ticket, rest=""):
    return f"/en/desk/{ticket.number}/{rest}"
