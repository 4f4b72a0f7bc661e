"""What every test stands on."""

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations

from puntuale.guarantee import zones

zones.use_newest_rules()


@pytest.fixture(autouse=True, scope="session")
def emptied_past_the_triggers():
    """Let the test runner empty tables between tests, which the database otherwise refuses for events and promises."""
    sql_flush = DatabaseOperations.sql_flush

    def flush(self, *args, **kwargs):
        return ["SET LOCAL session_replication_role = replica;", *sql_flush(self, *args, **kwargs)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", flush)
        yield
