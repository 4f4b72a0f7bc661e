"""The desk, as a program sees it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from types import TracebackType
from typing import Any, Self

import httpx

from puntuale.client import told
from puntuale.client.line import Line
from puntuale.client.told import (
    Contract,
    Duty,
    Event,
    File,
    Me,
    Message,
    Organisation,
    Person,
    Quote,
    Ticket,
    TicketLine,
)


class Client:
    """A desk and a token. Every deed raises Problem when it is refused; `if_match` is the etag it insists on."""

    def __init__(self, address: str, *, token: str, **how: Any) -> None:
        self.line = Line(address, token=token, **how)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the line."""
        self.line.http.close()

    def me(self) -> Me:
        """Return whom the token acts for."""
        return told.read(Me, self.line.get("/me").json())

    def quote(
        self,
        *,
        priority: str | None = None,
        environment: str | None = None,
        product: int | None = None,
        plan: str | None = None,
        at: datetime | None = None,
    ) -> Quote:
        """Return what a ticket would be promised."""
        asked = {"priority": priority, "environment": environment, "product": product, "plan": plan, "at": at}
        return told.read(Quote, self.line.get("/quote", asked).json())

    def agreement(self, version: int | None = None) -> dict[str, Any]:
        """Return the agreement in force, or one of its versions."""
        found: dict[str, Any] = self.line.get("/agreement" if version is None else f"/agreements/{version}").json()
        return found

    def attainment(
        self, first: date, last: date, *, by: str | None = None, organisation: int | None = None
    ) -> dict[str, Any]:
        """Return how promises were kept on the tickets of some days, for managers."""
        asked = {"first": first.isoformat(), "last": last.isoformat(), "by": by, "organisation": organisation}
        found: dict[str, Any] = self.line.get("/reports/attainment", asked).json()
        return found

    def workload(self, first: date, last: date, *, organisation: int | None = None) -> dict[str, Any]:
        """Return when the tickets of some days arrived, what is open, and what falls due, for managers."""
        asked = {"first": first.isoformat(), "last": last.isoformat(), "organisation": organisation}
        found: dict[str, Any] = self.line.get("/reports/workload", asked).json()
        return found

    def changed_priorities(self, first: date, last: date, *, organisation: int | None = None) -> dict[str, Any]:
        """Return how priorities were changed in some days, and what customers thought of answers, for managers."""
        asked = {"first": first.isoformat(), "last": last.isoformat(), "organisation": organisation}
        found: dict[str, Any] = self.line.get("/reports/priorities", asked).json()
        return found

    def service_report(self, first: date, last: date) -> dict[str, Any]:
        """Return how promises to your own organisation were kept, for its administrators."""
        found: dict[str, Any] = self.line.get(
            "/reports/service", {"first": first.isoformat(), "last": last.isoformat()}
        ).json()
        return found

    def submit(
        self,
        *,
        subject: str,
        body: str,
        priority: str | None = None,
        environment: str | None = None,
        product: int | None = None,
        requester: int | None = None,
        files: Sequence[str] = (),
        key: str = "",
    ) -> Ticket:
        """Return the ticket that was sent, with its promise. `requester` is for those who work for the vendor."""
        said = {
            "subject": subject,
            "body": body,
            "priority": priority,
            "environment": environment,
            "product": product,
            "requester": requester,
            "files": list(files),
        }
        return _ticket(self.line.post("/tickets", said, key=key))

    def ticket(self, number: int) -> Ticket:
        """Return a ticket."""
        return _ticket(self.line.get(f"/tickets/{number}"))

    def tickets(self, **narrowed: Any) -> Iterator[TicketLine]:
        """Yield the tickets she may see, narrowed as `GET /tickets` says: queue, phase, priority, due_before ..."""
        return (told.read(TicketLine, one) for one in self.line.pages("/tickets", narrowed))

    def search(self, words: str) -> list[TicketLine]:
        """Return the tickets that fit words or a number, the most fitting first."""
        return [told.read(TicketLine, one) for one in self.line.pages("/search", {"q": words})]

    def messages(self, number: int) -> Iterator[Message]:
        """Yield what was written on a ticket, in order."""
        return (told.read(Message, one) for one in self.line.pages(f"/tickets/{number}/messages"))

    def events(self, number: int) -> Iterator[Event]:
        """Yield what happened to a ticket, in order."""
        return (told.read(Event, one) for one in self.line.pages(f"/tickets/{number}/events"))

    def write(
        self,
        number: int,
        body: str,
        *,
        then: str | None = None,
        seen: int | None = None,
        files: Sequence[str] = (),
        key: str = "",
        if_match: str = "",
    ) -> Message:
        """Return a message that was written: an answer by those who work for the vendor."""
        said = {"body": body, "files": list(files), "then": then, "seen": seen}
        return told.read(Message, self._done(number, "messages", said, key=key, if_match=if_match).json())

    def note(self, number: int, body: str, *, files: Sequence[str] = (), key: str = "") -> Message:
        """Return a note for colleagues."""
        return told.read(Message, self._done(number, "notes", {"body": body, "files": list(files)}, key=key).json())

    def reclassify(
        self,
        number: int,
        *,
        priority: str,
        because: str,
        text: str,
        was: str | None = None,
        environment: str | None = None,
        if_match: str = "",
    ) -> tuple[Ticket, bool]:
        """Return the ticket after a change of priority, and whether that waits for a manager.

        `was` is the priority it has as far as you know: needed without `if_match`.
        """
        said = {"priority": priority, "was": was, "because": because, "text": text, "environment": environment}
        return _changed(self._done(number, "reclassification", said, if_match=if_match))

    def report_impact(self, number: int, *, priority: str, text: str) -> tuple[Ticket, bool]:
        """Return the ticket after its customer reported that the impact grew, and whether that waits for an agent."""
        return _changed(self._done(number, "impact", {"priority": priority, "text": text}))

    def disagree(self, number: int, change: int, *, text: str = "") -> Ticket:
        """Return the ticket after its customer disagreed with a change of its priority."""
        return _ticket(self._done(number, "disagreements", {"change": change, "text": text}))

    def assign(self, number: int, to: int | None, *, if_match: str = "") -> Ticket:
        """Return a ticket in the hands of somebody, or of nobody."""
        return _ticket(self._done(number, "assignment", {"to": to}, if_match=if_match))

    def wait(self, number: int) -> Ticket:
        """Return a ticket that waits for its customer."""
        return _ticket(self._done(number, "waiting"))

    def go_on(self, number: int) -> Ticket:
        """Return a ticket that waits no longer."""
        return _ticket(self._done(number, "continuation"))

    def resolve(self, number: int, *, if_match: str = "") -> Ticket:
        """Return a ticket that is resolved."""
        return _ticket(self._done(number, "resolution", if_match=if_match))

    def close_ticket(self, number: int) -> Ticket:
        """Return a ticket that its customer closed."""
        return _ticket(self._done(number, "closure"))

    def reopen(self, number: int) -> Ticket:
        """Return a ticket that is open again."""
        return _ticket(self._done(number, "reopening"))

    def cancel(self, number: int, *, because: str, text: str = "", of: int | None = None) -> Ticket:
        """Return a ticket that is cancelled."""
        return _ticket(self._done(number, "cancellation", {"because": because, "text": text, "of": of}))

    def restore(self, number: int) -> Ticket:
        """Return a cancelled ticket that is brought back."""
        return _ticket(self._done(number, "restoration"))

    def rate(self, number: int, *, good: bool, comment: str = "") -> Ticket:
        """Return a ticket whose customer said what she thinks of the answer."""
        return _ticket(self._done(number, "rating", {"good": good, "comment": comment}))

    def merge(self, number: int, *, into: int) -> Ticket:
        """Return the ticket that another one became part of."""
        return _ticket(self._done(number, "merge", {"into": into}))

    def upload(self, name: str, content: bytes) -> File:
        """Return a file that was uploaded; its key goes with a message."""
        return told.read(File, self.line.post("/files", content=content, asked={"name": name}).json())

    def download(self, key: str) -> bytes:
        """Return the content of a file."""
        return self.line.get(f"/files/{key}").content

    def on_call(self) -> list[Duty]:
        """Return who is on call by each rota."""
        return [told.read(Duty, one) for one in self.line.get("/on-call").json()["items"]]

    def people(self, **narrowed: Any) -> Iterator[Person]:
        """Yield people: by organisation, role, email or name."""
        return (told.read(Person, one) for one in self.line.pages("/people", narrowed))

    def organisations(self, name: str | None = None) -> Iterator[Organisation]:
        """Yield organisations."""
        return (told.read(Organisation, one) for one in self.line.pages("/organisations", {"name": name}))

    def contracts(self, organisation: int) -> Iterator[Contract]:
        """Yield the contracts of an organisation."""
        path = f"/organisations/{organisation}/contracts"
        return (told.read(Contract, one) for one in self.line.pages(path))

    def sign(
        self,
        organisation: int,
        *,
        plan: str,
        starts_at: datetime | None = None,
        ends_at: datetime | None = None,
        answers: bool = False,
    ) -> Contract:
        """Return a contract that was signed."""
        said = {"plan": plan, "starts_at": starts_at, "ends_at": ends_at, "answers": answers}
        return told.read(Contract, self.line.post(f"/organisations/{organisation}/contracts", said).json())

    def _done(
        self, number: int, deed: str, said: dict[str, Any] | None = None, *, key: str = "", if_match: str = ""
    ) -> httpx.Response:
        return self.line.post(f"/tickets/{number}/{deed}", said, key=key, if_match=if_match)


def _ticket(answer: httpx.Response) -> Ticket:
    return told.read(Ticket, answer.json() | {"etag": answer.headers.get("ETag", "")})


def _changed(answer: httpx.Response) -> tuple[Ticket, bool]:
    said = answer.json()
    return told.read(Ticket, said["ticket"]), said["waits"]
