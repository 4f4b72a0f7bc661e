"""Whether the database is reached through a pooler that lends connections by transaction, which cannot work."""

from contextlib import suppress

import click
import psycopg
from django.db import connection

TRIES = 5
REFUSED = (
    "The database is reached through a pooler that lends connections by transaction or statement, as PgBouncer with"
    " pool_mode=transaction does: locks, cursors and notifications would be lost. Set pool_mode=session for this"
    " database, or let DATABASE_URL name PostgreSQL itself; Puntuale keeps a pool of its own."
)


def refuse_shared_sessions() -> None:
    """Raise ClickException when connections to the database do not last. Whether it is there, others find out."""
    with suppress(psycopg.OperationalError):
        if shares_sessions():
            raise click.ClickException(REFUSED)


def shares_sessions() -> bool:
    """Tell whether two connections that are open at once are answered by one and the same session of the database.

    That is asked a few times: a pooler among whose clients others are busy may give them different ones by chance.
    """
    asked = connection.get_connection_params()
    asked.pop("pool", None)
    asked |= {"autocommit": True, "prepare_threshold": None}
    with psycopg.connect(**asked) as one, psycopg.connect(**asked) as other:
        return any(_session(one) == _session(other) for _ in range(TRIES))


def _session(asked: psycopg.Connection[tuple[int]]) -> int:
    row = asked.execute("SELECT pg_backend_pid()").fetchone()
    assert row is not None
    return row[0]
