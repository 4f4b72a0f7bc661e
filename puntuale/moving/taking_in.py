"""Taking in the tickets of another desk: in portions, each whole or not at all, and each ticket once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from puntuale.agreements import contracts, desk
from puntuale.agreements.contracts import ContractOverlaps, NotCovered
from puntuale.agreements.models import Product
from puntuale.agreements.reading import agreement_published_as
from puntuale.guarantee.agreement import Agreement, UnknownTerm
from puntuale.guarantee.story import ReplayFailed
from puntuale.moving.histories import People, happenings
from puntuale.moving.mapping import Mapping
from puntuale.moving.records import LONGEST_NAME, Problem, Record, RowRefused, record_of
from puntuale.moving.rows import Row, portions
from puntuale.moving.versions import Versions
from puntuale.people import audit, company_email
from puntuale.people.company_email import NotCompany, Why
from puntuale.people.joining import JoiningRefused, add_person, found_organisation
from puntuale.people.models import Organisation, Person, Role
from puntuale.people.sign_up import organisation_of
from puntuale.tickets.adopting import History, adopt
from puntuale.tickets.coverage import cover
from puntuale.tickets.models import Ticket
from puntuale.tickets.submission import stage_of
from puntuale.tickets.texts import LONGEST_BODY
from puntuale.webhooks import phones

REMEMBERED = 20_000
"""How many people are remembered between portions."""


@dataclass(slots=True)
class Report:
    """What became of the rows: how many tickets were taken in, were here already, and what was wrong with others.

    `problems` and `changes` hold what was refused and what was changed since somebody last took them out.
    """

    taken: int = 0
    known: int = 0
    refused: int = 0
    problems: list[Problem] = field(default_factory=list)
    changes: list[Problem] = field(default_factory=list)
    made: Counter[str] = field(default_factory=Counter)
    promised: int = 0


class _Undone(Exception):
    """A trial is over: nothing of it stays."""


@dataclass(slots=True)
class Intake:
    """Takes in tickets for a manager, `by`, who also stands in for agents that we do not know.

    With `trial` everything is done and undone, portion by portion.
    """

    mapping: Mapping
    by: Person
    at: datetime
    trial: bool = False
    report: Report = field(default_factory=Report)
    _people: dict[str, Person | None] = field(default_factory=dict)
    _organisations: dict[str, Organisation] = field(default_factory=dict)
    _products: dict[str, Product | None] = field(default_factory=dict)
    _touched: set[int] = field(default_factory=set)
    _new: set[tuple[str, str]] = field(default_factory=set)
    _tried_before: set[int] = field(default_factory=set)
    _versions: Versions = field(default_factory=Versions)
    _wordless: str = ""
    _files: str = ""

    def take(self, tickets: Iterable[list[Row]]) -> Iterator[Report]:
        """Take in tickets, each told by its rows, and yield the report as it is after each portion."""
        with override(desk.settings().language):
            self._wordless = _("(The words of this message did not come along.)")
            self._files = _("Attachments not imported: %(names)s")
        for portion in portions(tickets):
            if len(self._people) > REMEMBERED:
                self._people.clear()
            records = [record for told in portion if (record := self._read(told)) is not None]
            self._take_portion(records)
            yield self.report

    def promise(self) -> None:
        """Let the open tickets that came in have what their organisations' plans promise, from now on (rule 10)."""
        for organisation in Organisation.objects.filter(pk__in=self._touched).order_by("pk"):
            self.report.promised += len(cover(organisation, at=self.at))

    def note(self, source: str) -> None:
        """Write into the audit log what was taken in."""
        count, name = self.report.taken, self.mapping.source
        audit.record("tickets_imported", by=self.by, at=self.at, about=source, tickets=count, source=name)

    def _read(self, rows: Sequence[Row]) -> Record | None:
        try:
            return record_of(rows, self.mapping, now=self.at)
        except RowRefused as refused:
            self._refuse(refused.problems)
            return None

    def _refuse(self, problems: Sequence[Problem]) -> None:
        self.report.refused += 1
        self.report.problems += problems

    def _take_portion(self, records: Sequence[Record]) -> None:
        keys = {self._key(record): record for record in records}
        here = set(Ticket.objects.filter(submission_key__in=keys).values_list("submission_key", flat=True))
        fresh = [record for key, record in keys.items() if key not in here]
        # What stands twice in one portion is one ticket, too.
        self.report.known += len(records) - len(fresh)
        if not self._tried(fresh):
            for record in fresh:
                if not self._tried([record]):
                    self._refuse([Problem(record.line, "", record.id, "what happened to it cannot have happened so")])

    def _tried(self, records: Sequence[Record]) -> bool:
        """Take in some records, and tell whether that was possible. What fails leaves nothing behind."""
        self._new.clear()
        try:
            with transaction.atomic():
                histories, refused, changes = self._histories(records)
                adopted = adopt(histories)
                if self.trial:
                    raise _Undone  # noqa: TRY301 -- the way to end a transaction without its effects
        except _Undone:
            self._forget()
        except (ReplayFailed, DatabaseError):
            self._forget()
            return False
        else:
            self._touched.update(one.organisation_id for one in adopted)
        for problems in refused:
            self._refuse(problems)
        self.report.taken += len(histories)
        self.report.changes += changes
        self._count_new()
        return True

    def _count_new(self) -> None:
        """Count whoever is new. In a trial somebody is new in each portion, and counts once."""
        keys = {hash(one): one[0] for one in self._new}
        self.report.made.update(kind for key, kind in keys.items() if key not in self._tried_before)
        if self.trial:
            self._tried_before.update(keys)

    def _histories(self, records: Sequence[Record]) -> tuple[list[History], list[Sequence[Problem]], list[Problem]]:
        """Return what can be taken in, what is wrong with the rest, and what is changed in the first."""
        histories: list[History] = []
        refused: list[Sequence[Problem]] = []
        changes: list[Problem] = []
        for record in records:
            try:
                histories.append(self._history(record))
            except RowRefused as problem:
                refused.append(problem.problems)
            else:
                changes += dict.fromkeys(record.changes)
        return histories, refused, changes

    def _forget(self) -> None:
        """Forget rows that were undone."""
        self._people.clear()
        self._organisations.clear()
        self._products.clear()

    def _key(self, record: Record) -> UUID:
        return uuid5(NAMESPACE_URL, f"puntuale:import:{self.mapping.source}:{record.id}")

    def _history(self, record: Record) -> History:
        """Return a record as a history, after making whoever it needs. Raises RowRefused."""
        publication = self._versions.at(record.submitted_at)
        agreement = agreement_published_as(publication)
        environment, priority = _terms(record, agreement)
        requester, product = self._requester(record), self._product(record)
        people = People(
            requester=requester,
            agent=self._agent,
            colleague=lambda email: self._colleague(email, requester),
            stand_in=self.by,
            missed=lambda name, value, rule: record.changes.append(Problem(record.line, name, value[:200], rule)),
        )
        return History(
            key=self._key(record),
            requester=requester,
            subject=record.subject,
            body=self._words(record.body, record.files),
            environment=environment,
            product=product,
            stage=stage_of(product, agreement),
            priority=priority,
            version=publication.version,
            at=record.submitted_at,
            happened=happenings(record, people, words=self._words),
        )

    def _words(self, body: str, files: Sequence[str]) -> str:
        """Return the text of a message, which tells what was sent along with it."""
        if not files:
            return body or self._wordless
        told = self._files % {"names": ", ".join(files)}
        return f"{body[: LONGEST_BODY - len(told) - 2]}\n\n{told}" if body else told

    def _requester(self, record: Record) -> Person:
        found = self._known(record.requester)
        if found is not None and found.organisation is None:
            raise RowRefused([Problem(record.line, "requester_email", record.requester, "works for the vendor")])
        if found is not None:
            return found
        new = set(self._new)
        try:
            with transaction.atomic():
                person = self._joined(record)
        except (JoiningRefused, RowRefused) as problem:
            # What was founded for them is undone with them.
            self._organisations.clear()
            self._new = new
            if isinstance(problem, RowRefused):
                raise
            raise RowRefused([Problem(record.line, "requester_email", record.requester, str(problem))]) from problem
        self._people[record.requester] = person
        self._new.add(("people", record.requester))
        return person

    def _joined(self, record: Record) -> Person:
        """Return the new customer who sent a record. Raises JoiningRefused, RowRefused."""
        local, _at, domain = record.requester.rpartition("@")
        name = record.name or (local if record.has_address else record.phone)
        if not record.has_address and record.phone and record.phone not in name:
            name = f"{name} ({record.phone})"
        person = add_person(
            name=name[:LONGEST_NAME],
            email=record.requester,
            password=None,
            role=Role.CUSTOMER,
            organisation=self._organisation(record, domain if record.has_address else ""),
            language=desk.settings().language,
            zone_name=desk.settings().zone_name,
            at=self.at,
        )
        if record.phone:
            self._note_phone(record, person)
        return person

    def _note_phone(self, record: Record, person: Person) -> None:
        """Let calls from a customer's number be known as theirs."""
        try:
            phones.add(person, number=record.phone, by=self.by, at=self.at)
        except phones.NumberRefused as problem:
            why = "not an international number" if problem.rule == "number.international" else "somebody else's number"
            record.changes.append(Problem(record.line, "requester_phone", record.phone, f"{why}: calls are not known"))

    def _organisation(self, record: Record, domain: str) -> Organisation:
        name = record.organisation or domain or record.name or record.phone or record.requester.partition("@")[0]
        if name.lower() not in self._organisations:
            found = Organisation.objects.filter(name__iexact=name).order_by("pk").first()
            if found is None and not record.organisation:
                found = organisation_of(domain)
                self._refuse_shared(record, domain)
            self._organisations[name.lower()] = found or self._founded(name, record)
        return self._organisations[name.lower()]

    def _refuse_shared(self, record: Record, domain: str) -> None:
        """Refuse to make one organisation of strangers who have their mailboxes at the same provider."""
        found = company_email.judge(record.requester)
        if isinstance(found, NotCompany) and found.because is not Why.FORM:
            told = f"needed: {domain} is no company's, so its people cannot be one organisation"
            raise RowRefused([Problem(record.line, "organisation", "", told)])

    def _founded(self, name: str, record: Record) -> Organisation:
        founded = found_organisation(name=name, at=self.at)
        self._new.add(("organisations", name))
        if record.plan:
            try:
                contracts.sign(founded, plan=record.plan, starts_at=self.at, at=self.at, answering=self.by, by=self.by)
            except (UnknownTerm, NotCovered, ContractOverlaps) as problem:
                raise RowRefused([Problem(record.line, "plan", record.plan, f"not to be had: {problem}")]) from problem
        return founded

    def _product(self, record: Record) -> Product | None:
        if not record.product:
            return None
        name = record.product.lower()
        if name not in self._products:
            self._products[name] = Product.objects.filter(name__iexact=name).first()
        if self._products[name] is None:
            raise RowRefused([Problem(record.line, "product", record.product, "there is no such product")])
        return self._products[name]

    def _known(self, email: str) -> Person | None:
        if email not in self._people:
            self._people[email] = Person.objects.filter(email=email).select_related("organisation").first()
        return self._people[email]

    def _agent(self, email: str) -> Person | None:
        found = self._known(email)
        return found if found is not None and found.works_for_vendor else None

    def _colleague(self, email: str, requester: Person) -> Person | None:
        found = self._known(email) if email else None
        return found if found is not None and found.organisation_id == requester.organisation_id else None


def _terms(record: Record, agreement: Agreement) -> tuple[str, str]:
    """Return environment and priority, the usual ones where a record does not say. Raises RowRefused."""
    environments = {one.key for one in agreement.environments}
    priorities = {one.key for one in agreement.priorities}
    environment = record.environment or agreement.environments[0].key
    priority = record.priority or agreement.choose(priority=None, environment=environment).key
    problems = []
    for name, value, known in (("environment", environment, environments), ("priority", priority, priorities)):
        if value not in known:
            problems.append(Problem(record.line, name, value, f"not one of {', '.join(sorted(known))}"))
    if problems:
        raise RowRefused(problems)
    return environment, priority
