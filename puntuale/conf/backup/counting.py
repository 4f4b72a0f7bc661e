"""The rows of every table of a database, counted one by one."""

import psycopg
from psycopg import sql

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"


def rows(base: psycopg.Connection) -> dict[str, int]:
    """Return how many rows each table has, as the transaction sees them."""
    return {str(name): _count(base, str(name)) for (name,) in base.execute(TABLES).fetchall()}


def _count(base: psycopg.Connection, table: str) -> int:
    counting = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
    return int(base.execute(counting).fetchall()[0][0])
