"""The form with which a version is published, and why it could not be."""

from dataclasses import dataclass, field
from datetime import datetime

from django.http import QueryDict
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puntuale.agreements.models import Publication
from puntuale.agreements.publication import PublicationRefused, publish
from puntuale.guarantee.document import DocumentRefused
from puntuale.looks.local_time import UnreadableTime
from puntuale.office import clock
from puntuale.people.models import Person

PROBLEMS: dict[str, Lazy] = {
    "effective.too_far": gettext_lazy("No version is planned for more than two years ahead."),
    "effective.past": gettext_lazy(
        "A version cannot take effect in the past: tickets sent since then have their promise."
    ),
    "version.not_newer": gettext_lazy("A newer version is published already. Give this one a higher number."),
    "version.published": gettext_lazy("This version was published a moment ago."),
    "plan.in_use": gettext_lazy("It lacks plans that contracts are on. Keep them, or end the contracts first."),
    "plan.uncovered": gettext_lazy(
        "It begins to promise answers day and night, and at times nobody is on call. Fill the rotas and chains first,"
        " or answer for it below."
    ),
}


@dataclass(slots=True)
class PublicationFields:
    """What is filled in, and what is wrong with it. No time is now."""

    effective: str = ""
    allows_warnings: bool = False
    answers: bool = False
    problems: list[str] = field(default_factory=list)
    detail: str = ""

    @classmethod
    def read(cls, sent: QueryDict) -> "PublicationFields":
        """Return what was sent."""
        return cls(sent.get("effective", "")[:30], bool(sent.get("allows_warnings")), bool(sent.get("answers")))

    def publish(self, source: str, *, by: Person, at: datetime, address: str) -> Publication | None:
        """Return the version that was published, or None with `problems` that tell why none was."""
        try:
            return publish(
                source,
                effective_from=clock.read(self.effective, at=at) or at,
                at=at,
                by=by,
                allowing_warnings=self.allows_warnings,
                answering=by if self.answers else None,
                address=address,
            )
        except UnreadableTime:
            self.problems.append(_("This is no date and time."))
        except PublicationRefused as problem:
            self.problems.append(str(PROBLEMS[problem.rule]))
            self.detail = str(problem)
        except DocumentRefused as problem:
            warned = all(finding.is_warning for finding in problem.findings)
            said = _("It has warnings. Look at them, and tick that it is meant so.") if warned else _("It has errors.")
            self.problems.append(said)
        return None
