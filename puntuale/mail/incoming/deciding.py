"""What is to become of a mail, decided from facts alone: no table is asked here, and nothing is done.

The address that a mail is from proves nothing. A sender is believed when the receiving server that we trust vouches for
her, or when the mail carries what only she could know: the sealed address, or the key, of a letter that went to her.

Nothing that a person may have written is decided away: what only looks like the mail of a program opens or joins a
ticket where its sender is believed, without our confirmation, so that no two programs write to each other. Of anybody
else it waits for a person.
"""

from dataclasses import dataclass
from enum import Enum

from puntuale.mail.models import Proof

MOST_AN_HOUR = 20
"""So many mails of one sender, or to one ticket, each kind of proof by itself: forged mail uses up no other."""
MOST_CONFIRMED = 5
"""So many tickets that one sender opens within an hour are confirmed by a letter."""


class Deed(Enum):
    """What is done with a mail."""

    OPEN = "open a ticket"
    JOIN = "write on the ticket"
    ANSWER = "answer the ticket"
    NOTE = "note on the ticket"
    BOUNCE = "note that a letter came back"
    IGNORE = "keep it, and do nothing"
    REVIEW = "let a person decide"


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody whose address we know."""

    key: int
    is_active: bool
    works_for_vendor: bool


@dataclass(frozen=True, slots=True)
class Way:
    """A way that leads from a mail to a ticket: a sealed address or the key of a letter, and to whom that had gone.

    `may_write` tells whether the sender of this mail takes part in the ticket, `of_note` whether the letter told of
    what customers never see.
    """

    ticket: int
    person: int
    is_sealed: bool
    may_write: bool = False
    of_note: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a mail.

    `automatic` is by which standard no person wrote it, `hint` what makes it look so, `is_absence` that it is a notice
    of absence, `echoes` that its subject names a ticket that its sender opened just before. What came lately is counted
    among mail that is as well proven.
    """

    has_sender: bool = True
    sender: Sender | None = None
    vouched: str = ""
    automatic: str = ""
    hint: str = ""
    is_absence: bool = False
    is_given_back: bool = False
    letter: int | None = None
    from_us: bool = False
    poses_as_us: bool = False
    echoes: bool = False
    came_before: bool = False
    refused: str = ""
    ways: tuple[Way, ...] = ()
    answers_other_letter: bool = False
    of_sender_lately: int = 0
    on_ticket_lately: int = 0

    @property
    def proof(self) -> Proof:
        """Return by what the sender is believed: the word of the trusted server, a letter of their own, or nothing."""
        if self.vouched == "pass":
            return Proof.SERVER
        is_own = self.sender is not None and any(way.person == self.sender.key for way in self.ways)
        return Proof.LETTER if is_own and self.vouched != "fail" else Proof.NONE


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do, on which ticket, why, and by what the sender was believed."""

    deed: Deed
    because: str = ""
    ticket: int | None = None
    proof: Proof = Proof.NONE


def decide(facts: Facts) -> Decision:
    """Return what is to become of a mail."""
    return _unread(facts) or _of_no_person(facts) or _of_nobody_known(facts) or _of_somebody(facts)


def _unread(facts: Facts) -> Decision | None:
    if facts.came_before:
        return Decision(Deed.IGNORE, "came_before")
    if facts.refused:
        return Decision(Deed.REVIEW, facts.refused.removeprefix("mail."))
    return None


def _of_no_person(facts: Facts) -> Decision | None:
    """Decide about what comes back, comes from ourselves, or was written by a program: it is never answered."""
    shown = facts.ways[0].ticket if facts.ways and (facts.is_given_back or facts.ways[0].may_write) else None
    by_a_server = facts.sender is None or facts.hint == "report" or facts.automatic
    if facts.is_given_back and facts.letter is not None and by_a_server:
        return Decision(Deed.BOUNCE, "bounce", shown)
    if facts.from_us:
        return Decision(Deed.IGNORE, "from_us", shown)
    if facts.automatic:
        return Decision(Deed.IGNORE, facts.automatic, shown)
    if facts.is_given_back and facts.sender is None:
        return Decision(Deed.IGNORE, "bounce", shown)
    if facts.is_absence and (facts.ways or facts.answers_other_letter) and not _is_customers_answer(facts):
        return Decision(Deed.IGNORE, "absence", shown)
    return None


def _is_customers_answer(facts: Facts) -> bool:
    """Tell whether a customer who is believed writes on their ticket: a person may choose any subject."""
    is_customer = facts.sender is not None and not facts.sender.works_for_vendor
    return is_customer and facts.proof is not Proof.NONE and any(way.may_write for way in facts.ways)


def _of_nobody_known(facts: Facts) -> Decision | None:
    if facts.poses_as_us or not facts.has_sender:
        return Decision(Deed.REVIEW, "from_us" if facts.poses_as_us else "no_sender")
    if facts.sender is None:
        return Decision(Deed.REVIEW, "stranger_with_our_seal" if facts.ways else facts.hint or "stranger")
    if not facts.sender.is_active:
        return Decision(Deed.REVIEW, "left")
    if facts.vouched == "fail" or facts.hint == "behind":
        return Decision(Deed.REVIEW, "forged" if facts.vouched == "fail" else "behind")
    if facts.of_sender_lately >= MOST_AN_HOUR or facts.on_ticket_lately >= MOST_AN_HOUR:
        return Decision(Deed.REVIEW, "too_many")
    return None


def _of_somebody(facts: Facts) -> Decision:
    sender = facts.sender
    assert sender is not None
    way = _best(facts, sender)
    if way is None:
        return _anew(facts, sender)
    if not way.may_write:
        # A sealed address was handed on. A Message-ID may just have been guessed wrong by her mail program.
        return Decision(Deed.REVIEW, "not_a_participant") if way.is_sealed else _anew(facts, sender)
    if sender.works_for_vendor:
        return _from_the_desk(facts, sender, way)
    if way.person == sender.key:
        return Decision(Deed.JOIN, facts.hint, way.ticket, Proof.LETTER)
    if facts.vouched == "pass":
        return Decision(Deed.JOIN, facts.hint, way.ticket, Proof.SERVER)
    return Decision(Deed.REVIEW, "letter_of_another")


def _best(facts: Facts, sender: Sender) -> Way | None:
    """Return the way to follow: one of her own letters first, then a ticket in which she takes part."""
    ranked = sorted(facts.ways, key=lambda way: (not way.may_write, way.person != sender.key, not way.is_sealed))
    sealed = [way for way in facts.ways if way.is_sealed]
    if sealed and ranked[0].ticket != sealed[0].ticket:
        # What she answers to names one ticket, what she quotes another: she means the address.
        return sealed[0]
    return ranked[0] if ranked else None


def _anew(facts: Facts, sender: Sender) -> Decision:
    if sender.works_for_vendor:
        if facts.answers_other_letter:
            return Decision(Deed.IGNORE, "other_letter")
        return Decision(Deed.REVIEW, "from_the_desk")
    proof = Proof.SERVER if facts.vouched == "pass" else Proof.NONE
    if facts.hint and proof is Proof.NONE:
        return Decision(Deed.REVIEW, facts.hint)
    return Decision(Deed.OPEN, _unconfirmed(facts) or ("thread_denied" if facts.ways else ""), proof=proof)


def _unconfirmed(facts: Facts) -> str:
    """Return why a mail opens a ticket without a confirmation, or nothing."""
    if facts.hint or facts.echoes:
        return facts.hint or "echo"
    return "often" if facts.of_sender_lately >= MOST_CONFIRMED else ""


def _from_the_desk(facts: Facts, sender: Sender, way: Way) -> Decision:
    """Decide about the mail of an agent: only her own letter, its seal, and the trusted server together let her answer.

    A forged mail must stop no clock, and neither must a program of theirs. That it came by a list is no mark of one.
    """
    sealed_for_her = any(one.is_sealed and one.person == sender.key and one.ticket == way.ticket for one in facts.ways)
    if not sealed_for_her or facts.vouched != "pass":
        return Decision(Deed.REVIEW, "agent_unproven", way.ticket)
    if facts.hint not in {"", "list"}:
        return Decision(Deed.REVIEW, facts.hint, way.ticket)
    of_note = any(one.of_note and one.ticket == way.ticket for one in facts.ways)
    return Decision(Deed.NOTE if of_note else Deed.ANSWER, facts.hint, way.ticket, Proof.LETTER)
