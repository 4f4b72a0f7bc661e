"""Everything a report reads, it reads as of one instant, so that its figures agree with each other."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def steady() -> Iterator[None]:
    """Let what is read inside be of one snapshot; inside a transaction that has begun, as steady as that one is."""
    begun = connection.in_atomic_block
    with transaction.atomic():
        if not begun:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
