"""Who is on call in the demo: office hours by turns of a day, nights and weekends by turns of a week."""

from datetime import datetime, timedelta

from puntuale.demo.company import Company
from puntuale.oncall import chains, rotas
from puntuale.oncall.chains import DrawnStep
from puntuale.oncall.drawing import DrawnLayer

OFFICE = (("09:00-17:00",),) * 5 + ((),) * 2


def arranged(company: Company, *, at: datetime) -> None:
    """Make the rota, the chain that asks it, and a cover for an evening of this week."""
    ada, jonas, mara = company.ada, company.jonas, company.mara
    monday = at.date() - timedelta(days=at.weekday() + 28)
    layers = [
        DrawnLayer("Office hours", (ada.pk, jonas.pk), "Europe/Rome", monday, 540, 1, OFFICE, "target"),
        DrawnLayer("Nights and weekends", (jonas.pk, ada.pk, mara.pk), "Europe/Rome", monday, 540, 7),
    ]
    rota = rotas.shape(None, name="First line", layers=layers, by=mara, at=at)
    steps = [
        DrawnStep(wait=5 * 60, rotas=(rota.pk,)),
        DrawnStep(wait=5 * 60, people=(ada.pk, jonas.pk)),
        DrawnStep(wait=10 * 60, people=(mara.pk,)),
    ]
    chains.shape(None, name="Business critical", steps=steps, by=mara, at=at)
    evening = at.replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    rotas.cover(rota, person=ada, start_at=evening, end_at=evening + timedelta(hours=6), by=jonas, at=at)
