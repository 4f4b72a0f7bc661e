"""The step in which a priority is changed: what was chosen, what it would do, and what the customer is told."""

from collections.abc import Mapping
from dataclasses import dataclass

from puntuale.desk.refusals import told
from puntuale.guarantee.agreement import Agreement, NoGuarantee, Priority, PriorityBarred, UnknownTerm
from puntuale.guarantee.promise import Promise
from puntuale.looks.requests import Admitted, language
from puntuale.tickets import classification, suggested_texts
from puntuale.tickets.classification import Preview
from puntuale.tickets.models import Grounds, Ticket
from puntuale.tickets.priorities import NoChange, ReasonContradicts, agreement_for, fitting, refuse_contradiction
from puntuale.wording import durations, notices
from puntuale.wording.languages import LANGUAGES, spoken


@dataclass(frozen=True)
class Offer:
    """A priority as the step offers it. `barred` tells that the environment does not allow it."""

    key: str
    name: str
    meaning: str
    is_chosen: bool
    is_current: bool
    barred: bool


@dataclass(frozen=True)
class Side:
    """One of the two promises that stand side by side."""

    priority: str
    name: str
    target: str


@dataclass(frozen=True)
class Step:
    """A change of priority that is being thought about. `missed_ago` tells how long ago the promise was missed."""

    ticket: Ticket
    agreement: Agreement
    environment: str
    to: str
    because: str
    preview: Preview | None
    problem: str
    missed_ago: str

    @classmethod
    def of(cls, request: Admitted, ticket: Ticket, asked: Mapping[str, str]) -> "Step":
        """Return it for what was chosen so far; what is no term of the agreement counts as not chosen."""
        agreement = agreement_for(ticket)
        environment = asked.get("place", "")
        if environment not in {place.key for place in agreement.environments}:
            environment = ticket.environment
        to = asked.get("to", "")
        because = asked.get("because", "")
        preview, problem, missed_ago = None, "", ""
        if to and because in set(Grounds):
            try:
                preview = classification.preview(ticket, to=to, environment=environment, at=request.at)
                refuse_contradiction(ticket, agreement, to=to, because=Grounds(because), environment=environment)
                if preview.due_before is not None and preview.due_before < request.at:
                    missed_ago = durations.rough(request.at - preview.due_before, language())
            except (NoChange, PriorityBarred, ReasonContradicts, UnknownTerm) as refusal:
                problem = told(refusal)
                # What was written already stays on the page.
                preview = preview if "text" in asked else None
        return cls(ticket, agreement, environment, to, because, preview, problem, missed_ago)

    @property
    def environments(self) -> list[tuple[str, str]]:
        """Return key and name of each environment."""
        return [(place.key, place.name.in_language(language())) for place in self.agreement.environments]

    @property
    def offers(self) -> list[Offer]:
        """Return the priorities, with those that the environment bars."""
        return [self._offer(priority) for priority in self.agreement.priorities]

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """Return key and name of each reason that what was chosen so far can have."""
        known = {priority.key for priority in self.agreement.priorities} - {self.ticket.priority}
        to = self.to if self.to in known else ""
        found = fitting(self.ticket, self.agreement, to=to, environment=self.environment)
        return [(one.value, notices.grounds(one.value, language())) for one in found]

    @property
    def before(self) -> Side | None:
        """Return the promise as it is."""
        return self._side(self.ticket.priority, self.preview.before) if self.preview else None

    @property
    def after(self) -> Side | None:
        """Return the promise as it would be."""
        return self._side(self.to, self.preview.after) if self.preview else None

    @property
    def suggestion(self) -> str:
        """Return what the customer may be told, in her language."""
        return suggested_texts.suggestion(self.because, self.speaks, was=self.ticket.priority, to=self.to)

    @property
    def speaks(self) -> str:
        """Return the code of the customer's language."""
        return spoken(self.ticket.requester.language)

    @property
    def language_name(self) -> str:
        """Return what the customer's language is called."""
        return LANGUAGES[self.speaks]

    def _offer(self, priority: Priority) -> Offer:
        return Offer(
            priority.key,
            priority.name.in_language(language()),
            priority.meaning.in_language(language()),
            priority.key == self.to,
            priority.key == self.ticket.priority,
            not self.agreement.allows(priority, self.environment),
        )

    def _side(self, key: str, promise: Promise) -> Side:
        if promise.target is not None:
            target = durations.target(promise.target, self.agreement, language())
        else:
            target = durations.no_guarantee(NoGuarantee(promise.reason), language()) if promise.reason else ""
        return Side(key, self.agreement.priority(key).name.in_language(language()), target)
