"""Which large tables a statement would read from end to end."""

import json

from django.db import connection

LARGE = (
    "tickets_ticket",
    "tickets_message",
    "tickets_event",
    "tickets_promisemade",
    "tickets_promiseending",
    "tickets_ticketwords",
    "watch_watched",
    "watch_alarm",
    "sending_intent",
)
"""The tables that grow with every ticket, and are full in these tests."""
STATEMENTS = frozenset({"SELECT", "UPDATE", "DELETE", "INSERT", "WITH"})
WHOLE = frozenset({"Sort", "Aggregate", "Hash", "WindowAgg", "Unique", "SetOp"})
"""What wants all rows from below before it gives the first one."""


def scanned(sql):
    """Return the large tables of which every row would be read for a statement, because there is no way around it.

    Of a few thousand rows reading all is often the fastest way; so the database is asked for a plan that avoids it.
    """
    if sql.split(maxsplit=1)[0].upper() not in STATEMENTS:
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        (found,) = cursor.fetchone()
        cursor.execute("RESET enable_seqscan")
    plan = json.loads(found) if isinstance(found, str) else found
    return set(_read_whole(plan[0]["Plan"], limited=False)) & set(LARGE)


def _read_whole(node, table=None, *, limited):
    """Yield the tables read from end to end: in their own order, or along an index that narrows nothing down."""
    kind, table = node["Node Type"], node.get("Relation Name", table)
    if kind.endswith("Seq Scan") or (_reads_all_along_an_index(node) and not limited):
        yield table
    limited = kind == "Limit" or (limited and kind not in WHOLE)
    for below in node.get("Plans", ()):
        yield from _read_whole(below, table, limited=limited)


def _reads_all_along_an_index(node):
    """Tell whether an index is read from end to end. One that holds a part of the rows only is there for that."""
    if "Index Name" not in node or "Index Cond" in node:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT indpred IS NULL FROM pg_index WHERE indexrelid = %s::regclass", [node["Index Name"]])
        return cursor.fetchone()[0]
