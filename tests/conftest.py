"""What every test stands on."""

from datetime import UTC, datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import translation
from hypothesis import HealthCheck, settings

from puntuale.guarantee import zones
from puntuale.people import post
from tests.company import made
from tests.duty import arranged

zones.use_newest_rules()

# How long an example takes says something about the machine, and nothing about a law.
settings.register_profile("laws", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("laws")


@pytest.fixture(autouse=True, scope="session")
def emptied_past_the_triggers():
    """Let the test runner empty tables between tests, which the database otherwise refuses for events and promises."""
    sql_flush = DatabaseOperations.sql_flush

    def flush(self, *args, **kwargs):
        return ["SET LOCAL session_replication_role = replica;", *sql_flush(self, *args, **kwargs)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", flush)
        yield


@pytest.fixture(autouse=True)
def _nothing_lasts(monkeypatch):
    """Let letters about accounts be sent at once, without a worker, and forget who asked how often for what.

    The language of the last request is forgotten too, and so are the content types that the database had before it was
    emptied.
    """
    cache.clear()
    ContentType.objects.clear_cache()
    translation.deactivate()
    monkeypatch.setattr(post, "carriers", [post.post])


@pytest.fixture
def company(db):
    return made()


@pytest.fixture
def oncall(company, settings):
    """Ada has the week of the tickets (Monday 16 November 2026), Grace the next one; both are reached by e-mail."""
    settings.EMAIL_IS_SET = True
    return arranged(company)


class Now:
    """The instant at which requests arrive, which tests set."""

    def __init__(self):
        self.at = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)

    def __call__(self):
        return self.at

    def is_(self, text):
        self.at = datetime.fromisoformat(text)


@pytest.fixture
def now(monkeypatch):
    """Friday 20 November 2026, 16:00 in Rome, until a test says otherwise."""
    instant = Now()
    monkeypatch.setattr("puntuale.conf.clock.now", instant)
    return instant


@pytest.fixture
def signed_in(client, company, now):
    """A browser of somebody in the company: `signed_in("anna")`."""

    def sign_in(name):
        client.force_login(getattr(company, name))
        return client

    return sign_in
