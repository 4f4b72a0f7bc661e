"""What an agreement owes to a kind of ticket."""

from puntuale.guarantee.agreement import Agreement, NoGuarantee
from puntuale.guarantee.calendars import Calendar
from puntuale.whatif.histories import Question


def owed(question: Question, agreement: Agreement) -> tuple[Calendar, int] | None:
    """Return on which calendar how many seconds are owed, or None without a guarantee.

    Raises UnknownTerm, PriorityBarred where the agreement has no words for it.
    """
    if question.plan:
        agreement.plan(question.plan)
    places = agreement.environments
    chosen = agreement.choose(priority=question.priority or None, environment=question.environment or places[0].key)
    stage = question.stage or agreement.usual_stage
    cell = agreement.owed(plan=question.plan or None, priority=chosen.key, stage=stage)
    return None if isinstance(cell, NoGuarantee) else (agreement.calendar(cell.hours), cell.seconds)
