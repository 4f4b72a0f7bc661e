"""What was asked of a trial in a line, so that one can be told from another."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext as _

from puntuale.office.trial_page import DASH, percent
from puntuale.oncall.models import Rota
from puntuale.whatif.models import Trial

MINUTE = 60


def listed(found: Iterable[Trial], language: str) -> list[tuple[Trial, str]]:
    """Return trials, each with what was asked of it."""
    rows = list(found)
    keys = {key for one in rows for key in (one.rota, one.rota_before) if key is not None}
    names = dict(Rota.objects.filter(pk__in=keys).values_list("pk", "name"))
    return [(one, asked(one, names, language)) for one in rows]


def asked(trial: Trial, rotas: Mapping[int, str], language: str) -> str:
    """Return the log, the rota, the target, the growth and the minutes of a trial, as far as they were given."""
    said = [_("log %(name)s") % {"name": trial.log_name}] if trial.log_name else []
    if trial.rota is not None:
        name, other = rotas.get(trial.rota, DASH), rotas.get(trial.rota_before or 0, "")
        said.append(_("rota %(name)s instead of %(other)s") % {"name": name, "other": other} if other else name)
    if trial.target is not None:
        said.append(_("%(target)s to keep") % {"target": percent(trial.target, language)})
        if trial.growth != 1:
            said.append(_("with %(growth)s times the tickets") % {"growth": _number(trial.growth)})
        if trial.handling is not None:
            said.append(_("%(minutes)s minutes for an answer") % {"minutes": _number(trial.handling / MINUTE)})
    return " \N{MIDDLE DOT} ".join(said)


def _number(found: float) -> str:
    return formats.number_format(Decimal(f"{found:.6g}").normalize(), use_l10n=True)
