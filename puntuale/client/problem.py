"""What the desk refused."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field."""

    field: str
    rule: str
    detail: str


class Problem(Exception):
    """A request that was refused: its status, the name of the kind, and why, in the language of the client."""

    def __init__(self, status: int, told: dict[str, Any]) -> None:
        self.status = status
        self.kind = str(told.get("type", "")).rpartition("#problem-")[2]
        self.title = str(told.get("title", ""))
        self.detail = str(told.get("detail", ""))
        known = ("field", "rule", "detail")
        self.errors = [FieldProblem(*(str(one.get(name, "")) for name in known)) for one in told.get("errors", [])]
        super().__init__(f"{status} {self.kind}: {self.detail or self.title}")
