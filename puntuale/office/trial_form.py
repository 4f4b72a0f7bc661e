"""The form with which a manager asks what if: what is filled in, read, and what is wrong with it in words."""

from dataclasses import dataclass, field
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _

from puntuale.agreements import drafting
from puntuale.agreements.reading import agreement_in_force
from puntuale.guarantee.document import DocumentRefused
from puntuale.office import trial_log, trial_numbers
from puntuale.oncall import reading
from puntuale.people.models import Person
from puntuale.whatif import trials
from puntuale.whatif.calendars import CalendarRefused, NotOfACalendar
from puntuale.whatif.logs import Told
from puntuale.whatif.models import Trial

IN_FORCE, DRAFT, DOCUMENT = "in_force", "draft", "document"
LONGEST = 1_000_000
MINUTE = 60
LONGEST_KEY = 18
ORDER = ("what", "document", "calendar", "rota", "rota_before", "log", "target", "growth", "handling")


@dataclass(slots=True)
class TrialFields:
    """What stands in the fields, as texts, and what is wrong with each; `detail` tells where, as the rules put it."""

    what: str = IN_FORCE
    document: str = ""
    calendar: str = ""
    rota: str = ""
    rota_before: str = ""
    people: bool = True
    target: str = "99"
    growth: str = "1"
    handling: str = ""
    log: "UploadedFile[bytes] | None" = None
    problems: dict[str, str] = field(default_factory=dict)
    detail: str = ""
    log_lines: str = ""

    @classmethod
    def read(cls, sent: QueryDict, file: bytes, log: "UploadedFile[bytes] | None" = None) -> "TrialFields":
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
            log=log,
        )

    @property
    def first(self) -> str:
        """Return the first field that something is wrong with, as the page has them; empty when all are right."""
        return next((name for name in ORDER if name in self.problems), "")

    @property
    def is_log_lost(self) -> bool:
        """Tell whether a log was sent that the browser does not send again, since something else was wrong."""
        return self.log is not None and "log" not in self.problems

    def ask(self, *, by: Person, at: datetime) -> Trial | None:
        """Return the trial that was asked for, or None with `problems` that tell why there is none."""
        source = self._source(by)
        rota, rota_before = self._rota("rota", self.rota), self._rota("rota_before", self.rota_before)
        target, growth, handling = (self._number(name) for name in ("target", "growth", "handling"))
        if rota is None and rota_before is not None:
            self.problems.setdefault("rota", _("Choose a rota to try, or none to compare it with."))
        log = self._log(at)
        if self.problems:
            return None
        try:
            return trials.ask(
                by=by,
                at=at,
                source=source,
                calendar=self.calendar,
                rota=rota,
                rota_before=rota_before,
                target=None if target is None else target / 100,
                growth=1.0 if growth is None else growth,
                handling=None if handling is None else round(handling * MINUTE),
                log=log,
                log_name=(self.log and self.log.name) or "",
            )
        except DocumentRefused as problem:
            where = "document" if self.what == DOCUMENT else "what"
            self.problems[where], self.detail = _("This document is no agreement."), str(problem)
        except NotOfACalendar as problem:
            said = _("%(keys)s: only [hours.*] and [holidays.*] belong here.")
            self.problems["calendar"] = said % {"keys": ", ".join(problem.keys)}
        except CalendarRefused as problem:
            self.problems["calendar"], self.detail = _("These hours and holidays cannot be tried."), str(problem)
        return None

    def _number(self, name: str) -> float | None:
        """Return the number in a field, or None where it is not asked for, or is wrong."""
        written = str(getattr(self, name))
        if not self.people or (name == "handling" and not written.strip()):
            return None
        try:
            return trial_numbers.read(name, written)
        except trial_numbers.NumberRefused as problem:
            self.problems[name] = str(problem)
            return None

    def _rota(self, name: str, written: str) -> int | None:
        """Return the key of a rota in use, or None where none is chosen, or it is none."""
        if not written:
            return None
        is_key = written.isascii() and written.isdecimal() and len(written) < LONGEST_KEY
        if is_key and reading.rotas().filter(pk=int(written)).exists():
            return int(written)
        self.problems[name] = _('"%(value)s" is no rota in use.') % {"value": written}
        return None

    def _log(self, at: datetime) -> Told | None:
        """Return what the log tells, or None where none is given, or it cannot be replayed."""
        if self.log is None:
            return None
        try:
            return trial_log.read(self.log, at=at, zone=agreement_in_force(at).zone)
        except trial_log.Refused as problem:
            self.problems["log"], self.log_lines = str(problem), problem.lines
            return None

    def _source(self, by: Person) -> str:
        """Return the document to try, nothing for the one in force."""
        if self.what == IN_FORCE:
            return ""
        if self.what == DRAFT:
            draft = drafting.draft_of(by)
            if draft is None:
                self.problems["what"] = _("You have no draft.")
            return draft.source if draft else ""
        if not self.document.strip():
            self.problems["document"] = _("There is no document to try.")
        elif len(self.document) > LONGEST:
            self.problems["document"] = _("This text is too long for an agreement.")
        return self.document


def _clean(written: str) -> str:
    return written.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\N{REPLACEMENT CHARACTER}")
