"""What the desk tells, as values. Fields that this version of the client does not know are left out."""

from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation. Its plan is told to whoever runs the desk."""

    id: int
    name: str
    joined_at: datetime | None = None
    plan: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A person. Her address is told to whoever works for the vendor, in lists of people."""

    id: int
    name: str
    works_for_vendor: bool | None = None
    email: str | None = None
    role: str | None = None
    organisation: Organisation | None = None
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Me:
    """Whom the token acts for."""

    id: int
    name: str
    email: str
    role: str
    organisation: Organisation | None
    language: str
    zone: str


@dataclass(frozen=True, slots=True)
class Quote:
    """What a ticket would be promised. `sum` is the worked sum of its due time."""

    plan: str | None
    priority: str
    environment: str
    submitted_at: datetime
    due_at: datetime | None
    target: str | None
    no_guarantee: str | None
    sum: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Promise:
    """How a promise stands. In lists it comes without its sum and its history."""

    metric: str
    state: str
    due_at: datetime | None
    target: str | None
    no_guarantee: str | None
    start_at: datetime | None = None
    agreement: int | None = None
    sum: list[dict[str, Any]] | None = None
    history: list[dict[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """What a ticket is about."""

    id: int
    name: str
    stage: str


@dataclass(frozen=True, slots=True)
class TicketLine:
    """A ticket in a list."""

    number: int
    subject: str
    phase: str
    phase_since: datetime
    priority: str
    plan: str | None
    environment: str
    organisation: Organisation
    requester: Person
    assignee: Person | None
    submitted_at: datetime
    answered_at: datetime | None
    due_at: datetime | None
    promise: Promise


@dataclass(frozen=True, slots=True)
class Ticket(TicketLine):
    """A ticket. `etag` names what was read of it: a deed can insist on that."""

    version: int = 0
    product: Product | None = None
    merged_into: int | None = None
    goals: list[Promise] | None = None
    etag: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file. Its key goes with a message."""

    key: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Message:
    """A message. `ticket` is the one it is on."""

    id: int
    ticket: int
    audience: str
    author: Person
    body: str
    written_at: datetime
    files: list[File]
    is_plain: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a ticket."""

    kind: str
    at: datetime
    by: Person | None
    message: int | None
    words: str
    change: dict[str, Any] | None
    cancellation: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Contract:
    """The plan that an organisation has, from when to when."""

    id: int
    organisation: int
    plan: str
    starts_at: datetime
    ends_at: datetime | None
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class Rota:
    """A rota."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Duty:
    """Who is on call by a rota now, until when, and who is next."""

    rota: Rota
    person: Person | None
    until: datetime
    following: Person | None


def read(kind: type[Told], told: Any) -> Told:
    """Return what was told as a value. Raises KeyError or TypeError for an answer that is none of this API."""
    value: Told = _read(kind, told)
    return value


def _read(kind: Any, told: Any) -> Any:
    if get_origin(kind) in {Union, UnionType}:
        return None if told is None else _read(next(one for one in get_args(kind) if one is not NoneType), told)
    if get_origin(kind) is list:
        return [_read(get_args(kind)[0], one) for one in told]
    if kind is datetime:
        return datetime.fromisoformat(told)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{one.name: _read(hints[one.name], told[one.name]) for one in fields(kind) if one.name in told})
    return told


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
