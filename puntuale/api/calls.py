"""What an operation gets: a request that came with a token."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from puntuale.api.problems import FieldProblem
from puntuale.looks.requests import Admitted
from puntuale.people.models import Token


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many requests a token may send in a window, how many are left of it, and when the next one begins."""

    limit: int
    window: int
    left: int
    renewed_at: datetime
    seconds: int


class Call(Admitted):
    """A request of a program. `person` is whom it acts for; the body of one that is streamed is a file."""

    token: Token
    is_streamed: bool
    allowance: Allowance
    unknown: Sequence[FieldProblem]
    """What the request names and the operation does not have, besides the fields of its body."""
