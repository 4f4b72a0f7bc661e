"""One ticket of another desk, as its rows tell it: read, checked, and put into order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError

from puntuale.moving.mapping import Mapping
from puntuale.moving.rows import Row
from puntuale.people import email
from puntuale.people.email import normalised
from puntuale.tickets import texts
from puntuale.tickets.texts import LONGEST_BODY, LONGEST_SUBJECT, TextRefused
from puntuale.whatif.instants import NotAnInstant

STATES = ("open", "waiting", "resolved", "cancelled")
MOST_MESSAGES, MOST_FILES, LONGEST_NAME = 5_000, 50, 200
NO_ADDRESS = f"no-email{email.NOWHERE}"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row, or was changed in it: the line, the field, its value, and the rule."""

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
    """A message: when, by whom, what, whether it was a note, and the names of files that did not come along.

    An agent is told by `by_agent` or the address.
    """

    at: datetime
    author: str
    name: str
    body: str
    internal: bool = False
    by_agent: bool = False
    files: tuple[str, ...] = ()


@dataclass(slots=True)
class Record:
    """A ticket of another desk. `states` are the states it came into and when, `said` what was written after it.

    `changes` tell what of it is otherwise than it was there.
    """

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
    phone: str = ""
    assignee: str = ""
    files: tuple[str, ...] = ()
    said: list[Said] = field(default_factory=list)
    states: list[tuple[datetime, str]] = field(default_factory=list)
    changes: list[Problem] = field(default_factory=list)

    @property
    def has_address(self) -> bool:
        """Tell whether the customer has an address, and not only something that stands for one."""
        return not self.requester.endswith(f"@{NO_ADDRESS}")


class _Checking:
    """Reads values of one row, and keeps what is wrong with them, and what of them is changed."""

    def __init__(self, row: Row, mapping: Mapping) -> None:
        self.row, self.mapping = row, mapping
        self.told = mapping.read(row.told)
        self.problems: list[Problem] = []
        self.changes: list[Problem] = []
        for name, value in self.told.items():
            if not value.isascii() and value != value.encode("utf-8", "replace").decode():
                self.note(name, "has half of a character", repr(value))

    def note(self, name: str, rule: str, value: str | None = None) -> None:
        self.problems.append(Problem(self.row.line, name, (self.told[name] if value is None else value)[:200], rule))

    def change(self, name: str, rule: str, value: str | None = None) -> None:
        self.changes.append(
            Problem(self.row.line, name, (self.told.get(name, "") if value is None else value)[:200], rule)
        )

    def instant(self, name: str, written: str | None = None, *, shown_as: str = "") -> datetime | None:
        value, shown = self.told[name] if written is None else written, shown_as or name
        if not value:
            return None
        try:
            found = self.mapping.instant(value)
            at = found.at.astimezone(UTC)
        except NotAnInstant as problem:
            self.note(shown, f"not an instant: {problem}{problem.hint}", value)
            return None
        except OverflowError as problem:
            self.note(shown, f"not an instant: {problem}", value)
            return None
        if found.assumed:
            self.change(shown, found.assumed, value)
        return at

    def within(self, name: str, at: datetime | None, since: datetime, now: datetime) -> datetime | None:
        """Return an instant that lies after the ticket was sent, and is not still to come."""
        if at is None or since <= at <= now:
            return at
        said = "before it was sent: read as when it was sent" if at < since else "in the future: read as now"
        self.change(name, said, at.isoformat())
        return min(max(at, since), now)

    def address(self, name: str) -> str:
        written = normalised(self.told[name])
        if written:
            try:
                email.validate(written)
            except ValidationError:
                self.note(name, "not an e-mail address")
        return written

    def line(self, name: str, limit: int) -> str:
        """Return a text of one line, cut where it is too long; empty where there is none."""
        written = " ".join(self.told[name].replace("\0", "").split())
        if len(written) > limit:
            self.change(name, f"longer than {limit} characters: cut", self.told[name])
            written = written[:limit].rstrip()
        try:
            return written and texts.name(written, field=name, limit=limit)
        except TextRefused:
            # Half of a character was told already.
            if texts.is_storable(written):
                self.note(name, "has nothing that can be seen")
            return ""

    def body(self, name: str, written: str) -> str:
        if not written.strip():
            return ""
        if not texts.is_storable(written):
            self.note(name, "has a character that cannot be kept (NUL, or half of one)")
            return ""
        if len(written) > LONGEST_BODY:
            self.change(name, f"longer than {LONGEST_BODY} characters: cut", written)
        try:
            return texts.body(written[:LONGEST_BODY])
        except TextRefused:
            self.change(name, "has nothing that can be seen: left empty", written)
            return ""


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
            _go_on(found, one, now, is_first=one is first)
    problems = [problem for one in checked for problem in one.problems]
    if found is None or problems:
        raise RowRefused(_each_once(problems))
    found.said.sort(key=lambda one: one.at)
    found.states.sort(key=lambda one: one[0])
    found.changes = _each_once([change for one in checked for change in one.changes])
    return found


def _begun(checking: _Checking, now: datetime) -> Record | None:
    told = checking.told
    at, requester = checking.instant("submitted_at"), _requester(checking)
    if not told["id"]:
        checking.note("id", "missing")
    if not told["subject"] and not told["body"]:
        checking.note("subject", "neither a subject nor a body")
    if at is None and not told["submitted_at"]:
        checking.note("submitted_at", "missing")
    if at is not None and at > now:
        checking.note("submitted_at", "in the future")
    subject, name = checking.line("subject", LONGEST_SUBJECT), checking.line("requester_name", LONGEST_NAME)
    organisation = checking.line("organisation", LONGEST_NAME)
    body = checking.body("body", told["body"])
    if not subject and not body and not checking.problems:
        checking.note("subject", "neither a subject nor a body that can be seen")
    if checking.problems or at is None:
        return None
    if not subject:
        checking.change("subject", "missing: taken from the body")
        subject = " ".join(body.split())[:LONGEST_SUBJECT].rstrip()
    return Record(
        line=checking.row.line,
        id=told["id"],
        subject=subject,
        body=body or subject,
        requester=requester,
        name=name,
        organisation=organisation,
        plan=told["plan"],
        priority=told["priority"],
        environment=told["environment"],
        product=told["product"],
        submitted_at=at,
        phone=told["requester_phone"],
        files=_files(checking, checking.row.told),
    )


def _requester(checking: _Checking) -> str:
    """Return the address of the customer, or what stands for one who has none and is known by something else."""
    if checking.told["requester_email"]:
        return checking.address("requester_email")
    key = checking.told["requester_id"] or checking.told["requester_phone"]
    named = re.sub(r"[^a-z0-9]+", "-", key.casefold()).strip("-")[:60]
    if not named:
        checking.note("requester_email", "missing")
        return ""
    checking.change("requester_email", "missing: nobody can be told by e-mail", checking.told["requester_name"] or key)
    return f"{named}@{NO_ADDRESS}"


def _go_on(record: Record, checking: _Checking, now: datetime, *, is_first: bool) -> None:
    told, since = checking.told, record.submitted_at
    record.assignee = checking.address("assignee") or record.assignee
    answered, resolved, cancelled, updated = (
        checking.within(name, checking.instant(name), since, now)
        for name in ("answered_at", "resolved_at", "cancelled_at", "updated_at")
    )
    if answered is not None and is_first:
        body = checking.body("answer", told["answer"])
        record.said.append(Said(answered, checking.address("answered_by"), "", body, by_agent=True))
    record.said += _messages(checking, since, now)
    state = told["state"].lower()
    if state and state not in STATES:
        checking.note("state", f"not one of {', '.join(STATES)}")
    elif state:
        known = {"resolved": resolved, "cancelled": cancelled}.get(state)
        latest = max((one.at for one in record.said), default=since)
        record.states.append((known or updated or (since if state == "open" else latest), state))
    elif resolved is not None:
        record.states.append((resolved, "resolved"))


def _messages(checking: _Checking, since: datetime, now: datetime) -> list[Said]:
    written = checking.row.told.get("messages")
    if written is None:
        return []
    if not isinstance(written, list) or len(written) > MOST_MESSAGES:
        checking.note("id", "messages is no list, or a very long one", checking.told["id"])
        return []
    return [said for one in written if (said := _message(checking, one, since, now)) is not None]


def _message(checking: _Checking, told: Any, since: datetime, now: datetime) -> Said | None:
    if not isinstance(told, dict):
        checking.note("id", "a message is no object", str(told))
        return None
    at = checking.instant("submitted_at", str(told.get("at") or ""), shown_as="messages")
    if at is None:
        checking.note("id", "a message without an instant", str(told.get("at")))
        return None
    return Said(
        at=checking.within("messages", at, since, now) or since,
        author=normalised(str(told.get("author") or "")),
        name=str(told.get("author_name") or "")[:LONGEST_NAME],
        body=checking.body("messages", str(told.get("body") or "")),
        internal=bool(told.get("internal")),
        by_agent=bool(told.get("by_agent")),
        files=_files(checking, told),
    )


def _files(checking: _Checking, told: Any) -> tuple[str, ...]:
    """Return the names of files that were sent with a message and are not here."""
    names = told.get("attachments") or []
    listed = [names] if isinstance(names, str) else names if isinstance(names, list) else []
    found = tuple(" ".join(str(one).split())[:LONGEST_NAME] for one in listed[:MOST_FILES])
    if found:
        checking.change("attachments", "not imported: named in the message", ", ".join(found))
    return found


def _each_once(problems: Sequence[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))
