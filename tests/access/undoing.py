"""What a test does is taken back by itself, so that many visits share one world."""

from django.db import transaction


def undone():
    """Return a transaction of a test. What is to be outermost may be in it, as in those of Django's own test cases."""
    block = transaction.atomic()
    block._from_testcase = True
    return block
