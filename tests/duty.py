"""A small on-call: two agents by turns in a rota, a chain of two steps, and the manager as the last resort."""

from dataclasses import dataclass
from datetime import date

from puntuale.oncall import chains, rotas
from puntuale.oncall.chains import DrawnStep
from puntuale.oncall.drawing import DrawnLayer
from puntuale.oncall.models import Chain, Rota
from tests.company import LONG_AGO


@dataclass(frozen=True)
class OnCall:
    rota: Rota
    chain: Chain


def arranged(company):
    """Ada has the week of the tickets (Monday 16 November 2026), Grace the next one."""
    layer = DrawnLayer("Nights", (company.ada.pk, company.grace.pk), "Europe/Rome", date(2026, 11, 16))
    rota = rotas.shape(None, name="First line", layers=[layer], by=company.mara, at=LONG_AGO)
    steps = [DrawnStep(wait=300, rotas=(rota.pk,)), DrawnStep(wait=300, people=(company.mara.pk,))]
    chain = chains.shape(None, name="Business critical", steps=steps, by=company.mara, at=LONG_AGO, rounds=2)
    return OnCall(rota, chain)
