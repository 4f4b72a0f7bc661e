"""The database itself is sound."""

from django.db import connection

FOREIGN_KEYS = """
    SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text, b.attname
    FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1]
    WHERE c.contype = 'f'
"""
INDEXES = """
    SELECT i.indexrelid::regclass::text, bt_index_check(i.indexrelid, true)
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
    WHERE m.amname = 'btree' AND c.relnamespace = 'public'::regnamespace
"""
TABLES = """
    SELECT c.relname, v.msg FROM pg_class c, LATERAL verify_heapam(c.oid) v
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
"""


def check_i23_the_database_is_sound(seen):
    """Tables and indexes are whole, and no row points to another that is not there."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(FOREIGN_KEYS)
        for table, column, other, key in cursor.fetchall():
            cursor.execute(
                f"SELECT count(*) FROM {table} t WHERE t.{column} IS NOT NULL"
                f" AND NOT EXISTS (SELECT FROM {other} o WHERE o.{key} = t.{column})"
            )
            if count := cursor.fetchone()[0]:
                found.append(f"{count} rows of {table} point nowhere by {column}")
        cursor.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
        cursor.execute(INDEXES)
        cursor.execute(TABLES)
        return found + [f"{table}: {said}" for table, said in cursor.fetchall()]
