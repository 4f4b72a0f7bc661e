"""One ticket of another desk, as its rows tell it: read, checked, and put into order."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from puntuale.moving.mapping import Mapping
from puntuale.moving.rows import Row
from puntuale.people.email import normalised
from puntuale.tickets import texts
from puntuale.tickets.texts import LONGEST_BODY, LONGEST_SUBJECT

STATES = ("open", "waiting", "resolved", "cancelled")
MOST_MESSAGES = 5_000


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row: the line, the field, its value, and the rule that it breaks."""

    line: int
    field: str
    value: str
    rule: str


class RowRefused(ValueError):
    """Rows that cannot be taken in, and everything that is wrong with them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(len(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Said:
    """A message: when, by whom, what, and whether it was a note. An agent is told by `by_agent` or her address."""

    at: datetime
    author: str
    name: str
    body: str
    internal: bool = False
    by_agent: bool = False


@dataclass(slots=True)
class Record:
    """A ticket of another desk. `states` are the states it came into and when, `said` what was written after it."""

    line: int
    id: str
    subject: str
    body: str
    requester: str
    name: str
    organisation: str
    plan: str
    priority: str
    environment: str
    product: str
    submitted_at: datetime
    assignee: str = ""
    said: list[Said] = field(default_factory=list)
    states: list[tuple[datetime, str]] = field(default_factory=list)


class _Checking:
    """Reads values of one row, and keeps what is wrong with them."""

    def __init__(self, row: Row, mapping: Mapping) -> None:
        self.row, self.mapping = row, mapping
        self.told = mapping.read(row.told)
        self.problems: list[Problem] = []

    def note(self, name: str, rule: str, value: str | None = None) -> None:
        self.problems.append(Problem(self.row.line, name, (self.told[name] if value is None else value)[:200], rule))

    def instant(self, name: str, written: str | None = None) -> datetime | None:
        value = self.told[name] if written is None else written
        if not value:
            return None
        try:
            return self.mapping.instant(value).astimezone(UTC)
        except (ValueError, OverflowError) as problem:
            self.note(name, f"not an instant: {problem}", value)
            return None

    def address(self, name: str) -> str:
        written = normalised(self.told[name])
        if written:
            try:
                validate_email(written)
            except ValidationError:
                self.note(name, "not an e-mail address")
        return written


def record_of(rows: Sequence[Row], mapping: Mapping, *, now: datetime) -> Record:
    """Return what the rows of one ticket tell. Raises RowRefused with everything that is wrong.

    The first row tells what was sent; each further one at its `updated_at` the state it came into.
    """
    unread = [Problem(row.line, "", "", row.problem) for row in rows if row.problem]
    if unread:
        raise RowRefused(unread)
    first = _Checking(rows[0], mapping)
    found = _begun(first, now)
    checked = [first, *(_Checking(row, mapping) for row in rows[1:])]
    for one in checked:
        if found is not None:
            _go_on(found, one, is_first=one is first)
    problems = [problem for one in checked for problem in one.problems]
    if found is None or problems:
        raise RowRefused(_each_once(problems))
    _order(found, now)
    return found


def _begun(checking: _Checking, now: datetime) -> Record | None:
    told = checking.told
    at, requester = checking.instant("submitted_at"), checking.address("requester_email")
    for name in ("id", "requester_email"):
        if not told[name]:
            checking.note(name, "missing")
    if not told["subject"] and not told["body"]:
        checking.note("subject", "neither a subject nor a body")
    if at is None and not told["submitted_at"]:
        checking.note("submitted_at", "missing")
    if at is not None and at > now:
        checking.note("submitted_at", "in the future")
    if checking.problems or at is None:
        return None
    body = _body(told["body"]) or told["subject"]
    return Record(
        line=checking.row.line,
        id=told["id"],
        subject=" ".join((told["subject"] or body).replace("\0", "").split())[:LONGEST_SUBJECT] or "-",
        body=body,
        requester=requester,
        name=told["requester_name"][:200],
        organisation=" ".join(told["organisation"].split())[:200],
        plan=told["plan"],
        priority=told["priority"],
        environment=told["environment"],
        product=told["product"],
        submitted_at=at,
    )


def _go_on(record: Record, checking: _Checking, *, is_first: bool) -> None:
    told = checking.told
    record.assignee = checking.address("assignee") or record.assignee
    answered, resolved = checking.instant("answered_at"), checking.instant("resolved_at")
    cancelled, updated = checking.instant("cancelled_at"), checking.instant("updated_at")
    if answered is not None and is_first:
        record.said.append(Said(answered, checking.address("answered_by"), "", _body(told["answer"]), by_agent=True))
    record.said += _messages(checking)
    state = told["state"].lower()
    if state and state not in STATES:
        checking.note("state", f"not one of {', '.join(STATES)}")
    elif state:
        known = {"resolved": resolved, "cancelled": cancelled}.get(state)
        latest = max((one.at for one in record.said), default=record.submitted_at)
        record.states.append((known or updated or (record.submitted_at if state == "open" else latest), state))
    elif resolved is not None:
        record.states.append((resolved, "resolved"))


def _messages(checking: _Checking) -> list[Said]:
    written = checking.row.told.get("messages")
    if written is None:
        return []
    if not isinstance(written, list) or len(written) > MOST_MESSAGES:
        checking.note("id", "messages is no list, or a very long one", checking.told["id"])
        return []
    return [said for one in written if (said := _message(checking, one)) is not None]


def _message(checking: _Checking, told: Any) -> Said | None:
    if not isinstance(told, dict):
        checking.note("id", "a message is no object", str(told))
        return None
    at = checking.instant("submitted_at", str(told.get("at") or ""))
    if at is None:
        checking.note("id", "a message without an instant", str(told.get("at")))
        return None
    return Said(
        at=at,
        author=normalised(str(told.get("author") or "")),
        name=str(told.get("author_name") or "")[:200],
        body=_body(str(told.get("body") or "")),
        internal=bool(told.get("internal")),
        by_agent=bool(told.get("by_agent")),
    )


def _order(record: Record, now: datetime) -> None:
    """Put what happened into the order of time; nothing happened before the ticket was sent, or is still to come."""
    least = record.submitted_at
    within = [replace(one, at=min(max(one.at, least), now)) for one in record.said]
    record.said = sorted(within, key=lambda one: one.at)
    record.states = sorted(((min(max(at, least), now), state) for at, state in record.states), key=lambda one: one[0])


def _each_once(problems: Sequence[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))


def _body(written: str) -> str:
    """Return a text as a message may hold it, cut where it is longer than one can be."""
    cut = written[:LONGEST_BODY]
    try:
        return texts.body(cut) if cut.strip() else ""
    except texts.TextRefused:
        return ""
