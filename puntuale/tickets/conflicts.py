"""Work that lost against somebody else's in the database, and is done again.

Tickets are locked in one order, but rows of other tables are not: a person, a page, a file. Of two transactions that
wait for each other the database ends one, which has then done nothing.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection

What = ParamSpec("What")
Result = TypeVar("Result")
SERIALIZATION_FAILURE, DEADLOCK = "40001", "40P01"


def is_conflict(problem: BaseException) -> bool:
    """Tell whether the database ended a transaction for the sake of another one."""
    state = getattr(problem.__cause__, "sqlstate", None)
    return isinstance(problem, OperationalError) and state in {SERIALIZATION_FAILURE, DEADLOCK}


def retrying(work: Callable[What, Result]) -> Callable[What, Result]:
    """Return work that is done once more when it lost in a transaction of its own.

    Inside another transaction that is lost as well, and whoever began it has to begin anew.
    """

    @wraps(work)
    def tried(*what: What.args, **how: What.kwargs) -> Result:
        try:
            return work(*what, **how)
        except OperationalError as problem:
            if connection.in_atomic_block or not is_conflict(problem):
                raise
        return work(*what, **how)

    return tried
