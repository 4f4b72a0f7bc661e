"""What merges brought to a ticket and it owes still: each promise by itself, until an answer keeps them all (rule 12).

A merged ticket's promise goes on by itself: it is raised and brought forward with the ticket it went into, also back to
what it was, but never gets later than that; and it goes back with the merge. The ticket shows whichever of all that it
owes is due first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from puntuale.guarantee.promise import Basis, Course, Ending, Promise, Verdict
from puntuale.guarantee.retargeting import by_due, is_earlier


@dataclass(slots=True)
class Debts:
    """The promises by the ticket that each was made to. The last of each is the one that counts."""

    courses: dict[int, Course] = field(default_factory=dict)
    own: dict[int, Promise] = field(default_factory=dict)
    """What each of these tickets has by its own terms: nothing gets later than that here."""
    kept: set[int] = field(default_factory=set)
    """The tickets whose promises an answer has kept, and whose merges stand."""

    @property
    def owed(self) -> Mapping[int, Promise]:
        """Return what is owed, by the ticket it was promised to."""
        return {of: course.current for of, course in self.courses.items()}

    @property
    def first(self) -> Promise | None:
        """Return what is due first, or None when nothing is owed."""
        return min(self.owed.values(), key=by_due, default=None)

    def has(self, promise: Promise) -> bool:
        """Tell whether a promise that counts on the ticket is one of these."""
        return any(_of(one) == _of(promise) for one in self.owed.values())

    def add(self, of: int, promise: Promise) -> None:
        """Owe one more."""
        self.courses[of], self.own[of] = Course((replace(promise, basis=Basis.TAKEN_OVER),)), promise

    def remove(self, tickets: frozenset[int]) -> bool:
        """Owe no longer what was promised to some tickets, and tell whether any of it was owed."""
        gone = self.courses.keys() & tickets
        for of in gone:
            del self.courses[of]
        return bool(gone)

    def clear(self) -> None:
        """Owe nothing any more: an answer has kept them all."""
        self.kept |= self.courses.keys()
        self.courses.clear()

    def let_go(self, tickets: frozenset[int]) -> bool:
        """Forget that promises to some tickets were kept, and tell whether those were the last that had been."""
        left = bool(self.kept & tickets)
        self.kept -= tickets
        return left and not self.kept

    def move(self, moved: Callable[[Course, Promise], Promise], at: datetime) -> None:
        """Re-target what is owed. What was missed stays as it is: a miss is permanent."""
        courses = {of: course for of, course in self.courses.items() if not course.current.lapsed_by(at)}
        self.replace({of: moved(course, self.own[of]) for of, course in courses.items()}, at)

    def forward(self, moved: Callable[[Course], Promise | None], own: Mapping[int, Promise]) -> Mapping[int, Promise]:
        """Return those that something brings forward, as it would make them, or as each ticket's own terms do."""
        found = {}
        for of, course in self.courses.items():
            if of in own:
                self.own[of] = own[of]
            made = [promise for promise in (moved(course), own.get(of)) if promise is not None]
            earliest = min(made, key=by_due, default=None)
            if earliest is not None and is_earlier(earliest, course.current):
                found[of] = earliest
        return found

    def replace(self, made: Mapping[int, Promise], at: datetime) -> None:
        """Let promises take the place of what is owed to the same tickets."""
        for of, promise in made.items():
            known = self.courses[of]
            added = (*known.promises, replace(promise, basis=Basis.TAKEN_OVER))
            self.courses[of] = Course(added, (*known.endings, Ending(Verdict.REPLACED, at)))


def _of(promise: Promise) -> tuple[object, ...]:
    return (promise.start_at, promise.due_at, promise.target, promise.version)
