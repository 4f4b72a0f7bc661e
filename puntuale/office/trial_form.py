"""The form with which a manager asks what if: what is filled in, read, and what is wrong with it in words."""

from dataclasses import dataclass, field
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from puntuale.agreements import drafting
from puntuale.guarantee.document import DocumentRefused
from puntuale.people.models import Person
from puntuale.whatif import trials
from puntuale.whatif.calendars import CalendarRefused
from puntuale.whatif.models import Trial
from puntuale.whatif.staffing import StaffingRefused

IN_FORCE, DRAFT, DOCUMENT = "in_force", "draft", "document"
LONGEST = 1_000_000
MINUTE = 60


class Unreadable(ValueError):
    """A field that is no number."""


@dataclass(slots=True)
class TrialFields:
    """What stands in the fields, as texts, and what is wrong with them; `detail` tells where, as the rules put it."""

    what: str = IN_FORCE
    document: str = ""
    calendar: str = ""
    rota: str = ""
    rota_before: str = ""
    people: bool = True
    target: str = "99"
    growth: str = "1"
    handling: str = ""
    problems: list[str] = field(default_factory=list)
    detail: str = ""

    @classmethod
    def read(cls, sent: QueryDict, file: bytes) -> "TrialFields":
        """Return what was sent. A file takes the place of the text."""
        uploaded = file[: LONGEST + 1].decode("utf-8-sig", "replace")
        what = sent.get("what", IN_FORCE)
        return cls(
            what if what in {IN_FORCE, DRAFT, DOCUMENT} else IN_FORCE,
            _clean(uploaded or sent.get("document", "")),
            _clean(sent.get("calendar", "")),
            sent.get("rota", "")[:20],
            sent.get("rota_before", "")[:20],
            bool(sent.get("people")),
            target=sent.get("target", "")[:20],
            growth=sent.get("growth", "")[:20],
            handling=sent.get("handling", "")[:20],
        )

    def ask(self, *, by: Person, at: datetime) -> Trial | None:
        """Return the trial that was asked for, or None with `problems` that tell why there is none."""
        source = self._source(by)
        if self.problems:
            return None
        try:
            return trials.ask(
                by=by,
                at=at,
                source=source,
                calendar=self.calendar,
                rota=_key(self.rota),
                rota_before=_key(self.rota_before),
                target=_number(self.target) / 100 if self.people else None,
                growth=_number(self.growth) if self.people else 1.0,
                handling=round(_number(self.handling) * MINUTE) if self.people and self.handling.strip() else None,
            )
        except DocumentRefused as problem:
            self.problems, self.detail = [_("This document is no agreement.")], str(problem)
        except CalendarRefused as problem:
            self.problems, self.detail = [_("These hours and holidays cannot be tried.")], str(problem)
        except (StaffingRefused, Unreadable):
            said = _("People can be found for up to 100 percent, up to 100 times the tickets, answers of up to a day.")
            self.problems = [said]
        return None

    def _source(self, by: Person) -> str:
        """Return the document to try, nothing for the one in force."""
        if self.what == IN_FORCE:
            return ""
        if self.what == DRAFT:
            draft = drafting.draft_of(by)
            if draft is None:
                self.problems.append(_("You have no draft."))
            return draft.source if draft else ""
        if not self.document.strip():
            self.problems.append(_("There is no document to try."))
        elif len(self.document) > LONGEST:
            self.problems.append(_("This text is too long for an agreement."))
        return self.document


def _clean(written: str) -> str:
    return written.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\N{REPLACEMENT CHARACTER}")


def _key(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 18 else None


def _number(written: str) -> float:
    """Return a number, with a point or a comma. Raises Unreadable, also for what is none or endless."""
    try:
        found = float(written.strip().replace(",", ".").rstrip("%"))
    except ValueError as problem:
        raise Unreadable(written) from problem
    if not 0 <= found < 1_000_000:
        raise Unreadable(written)
    return found
