"""The people it takes, as the page of a trial shows them: hour by hour, what they keep, and how sure that is."""

from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puntuale.agreements.reading import agreement_of
from puntuale.office.trial_page import DASH, Facts, Names, Week, percent, week
from puntuale.whatif.further import FEWEST_TICKETS
from puntuale.whatif.models import Trial


class People:
    """The people that a trial found, or why it could not find any."""

    def __init__(self, trial: Trial, found: Facts, language: str) -> None:
        self.facts, self.language = found, language
        self._names = Names(agreement_of(trial.against), language)
        self._is_of_log = bool(trial.log_name)

    @property
    def refusal(self) -> str:
        """Return why the people it takes cannot be told, or nothing."""
        few = _("Too few answers tell how long they took: say it in the form, in minutes.")
        few_rows = _("Too few rows tell in handled_seconds how long an answer took: say it in the form, in minutes.")
        reasons = {
            "handling": few_rows if self._is_of_log else few,
            "history": _("There is no whole week of history to draw from."),
        }
        return reasons.get(str(self.facts.get("refused", "")), "")

    @property
    def hours(self) -> Week:
        """Return how many people it takes in each hour, with the fewest and the most that other searches found."""
        found = zip(self.facts["staff"], self.facts["fewest"], self.facts["most"], strict=True)
        said = [str(one) if low == high else f"{one} ({low}{DASH}{high})" for one, low, high in found]
        title = _("People by hour of the week")
        return week(self.facts["staff"], self.language, key="staff", title=title, said=said)

    @property
    def sure(self) -> list[tuple[str, str, str]]:
        """Return what these people keep of each promise and of everything: its name, the share, and how sure it is."""
        rows = [(self._names.promise(one["plan"], one["priority"]), one) for one in self.facts["shares"]]
        if self.facts["share"]:
            rows.append((_("All promises"), self.facts["share"]))
        return [
            (name, self._percent(one["found"]), f"{self._percent(one['low'])} {DASH} {self._percent(one['high'])}")
            for name, one in rows
        ]

    @property
    def hours_said(self) -> str:
        """Return how many hours of people a week takes, and between what other searches found."""
        low, high = self.facts["totals"][0], self.facts["totals"][-1]
        said = _("%(hours)d hours of people a week. On other draws of the past weeks: from %(low)d to %(high)d.")
        return said % {"hours": self.facts["hours"], "low": low, "high": high}

    @property
    def work_said(self) -> str:
        """Return what these people do."""
        busy = self.facts["busy"]
        told = {
            "count": round(sum(self.facts["arrivals"])),
            "minutes": round(self.facts["handling"] / 60),
            "busy": DASH if busy is None else self._percent(busy),
        }
        said = _("They answer %(count)d tickets a week, %(minutes)d minutes each: %(busy)s of their time.")
        return said % told

    @property
    def model_said(self) -> list[str]:
        """Return what of history stands in the weeks: further answers, as far as tickets tell, and closed days."""
        said, told = [], self.facts.get("told")
        if told is None:
            return []
        if self.facts["further"]:
            count = formats.number_format(Decimal(f"{self.facts['further']:.1f}"), use_l10n=True)
            more = _("After its first answer a ticket takes %(count)s more, as %(tickets)d tickets tell.")
            said.append(more % {"count": count, "tickets": told})
        elif told < FEWEST_TICKETS:
            said.append(_("Further answers are left out: too few tickets tell how many they took."))
        if closed := self.facts["closed"]:
            days = ngettext(
                "%(count)d day of the past weeks was closed: it has the people of a day that always is.",
                "%(count)d days of the past weeks were closed: they have the people of a day that always is.",
                closed,
            )
            said.append(days % {"count": closed})
        return said

    @property
    def verdict(self) -> tuple[str, str]:
        """Return whether the target is shown, as a tone and in words."""
        found, target = self.facts, self._percent(self.facts["target"])
        if found["share"] is None:
            return "calm", _("Nothing was promised to anybody, so nobody is needed for that.")
        if found["is_shown"]:
            said = _("%(target)s of everything promised is kept, as surely as %(weeks)d past weeks can tell.")
            return "calm", said % {"target": target, "weeks": found["weeks"]}
        if found["ceiling"] < found["target"]:
            said = _("%(target)s cannot be kept: of %(share)s the answer itself takes longer than it may.")
            return "late", said % {"target": target, "share": self._percent(1 - Decimal(found["ceiling"]))}
        if found["showable"] < found["target"]:
            said = _(
                "%(target)s cannot be shown: %(count)d tickets of history show %(most)s at most, whatever is kept."
            )
            told = {"target": target, "count": found["evidence"], "most": self._percent(found["showable"])}
            return "soon", said % told
        return "soon", _("%(target)s could not be shown.") % {"target": target}

    def _percent(self, share: float | Decimal) -> str:
        return percent(share, self.language)
