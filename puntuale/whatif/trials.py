"""Trying in the background: a manager asks, the worker finds the answer, and what was asked and found is kept."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta

import numpy as np
from django.db import transaction
from django.db.models import F, QuerySet

from puntuale.agreements.proposals import propose
from puntuale.agreements.reading import agreement_of, publication_in_force
from puntuale.guarantee import document
from puntuale.guarantee.agreement import Agreement
from puntuale.guarantee.calendars import BeyondHorizon
from puntuale.guarantee.rota import Rota
from puntuale.people.models import Person
from puntuale.tickets.attachments import shown_name
from puntuale.tickets.rights import managers_only
from puntuale.whatif import own
from puntuale.whatif.calendars import with_calendar
from puntuale.whatif.comparing import compared
from puntuale.whatif.facts import replayed
from puntuale.whatif.further import Further, of_counts
from puntuale.whatif.histories import History, Question, Seconds
from puntuale.whatif.logs import Told, packed, unpacked
from puntuale.whatif.models import Log, Trial
from puntuale.whatif.replaying import replay
from puntuale.whatif.staffing import FEWEST_ANSWERS, Asked, StaffingRefused, as_facts, staffing
from puntuale.whatif.weeks import TooLittleHistory

RotaOf = Callable[[int, datetime], Rota | None]
"""Return a rota by its key, with the covers and the time off since an instant; None when it is gone."""
followers: list[Callable[[Trial], None]] = []
"""Called in the transaction in which a trial is asked for: who sees to it that it is run."""
REPLAYED = 10
KEPT_FOR = timedelta(days=90)
A_DAY = timedelta(days=1)
MOST_TRIES = 3
LOST_AFTER = timedelta(minutes=5)


class NoRotaToTry(ValueError):
    """A rota to compare with, and none to try."""


class Cancelled(Exception):
    """Somebody ended the trial while it ran, or another worker has begun with it."""


def ask(
    *,
    by: Person,
    at: datetime,
    source: str = "",
    calendar: str = "",
    rota: int | None = None,
    rota_before: int | None = None,
    target: float | None = None,
    growth: float = 1.0,
    handling: int | None = None,
    log: Told | None = None,
    log_name: str = "",
) -> Trial:
    """Return a trial that will be run soon, against the version in force: of our own tickets, or of a log with a name.

    Raises NotAManager, NothingInForce, and DocumentRefused, CalendarRefused, NoRotaToTry, StaffingRefused for what
    cannot be tried.
    """
    managers_only(by)
    against = publication_in_force(at).version
    tried(agreement_of(against), source, calendar)
    if rota is None and rota_before is not None:
        raise NoRotaToTry(rota_before)
    if target is not None:
        Asked(target=target, handling=np.array([1 if handling is None else handling]), growth=growth)
    with transaction.atomic():
        trial = Trial.objects.create(
            asked_by=by,
            asked_at=at,
            against=against,
            source=source,
            calendar=calendar,
            log_name="" if log is None else shown_name(log_name),
            rota=rota,
            rota_before=rota_before,
            target=target,
            growth=growth,
            handling=handling,
        )
        if log is not None:
            Log.objects.create(trial=trial, content=packed(log))
        for follow in followers:
            follow(trial)
    return trial


def cancel(trial: Trial, *, by: Person, at: datetime) -> None:
    """End a trial that is not over. Raises NotAManager."""
    managers_only(by)
    _alive().filter(pk=trial.pk).update(cancelled_at=at, cancelled_by=by)


def again(trial: Trial, *, by: Person) -> bool:
    """Let a trial that failed be run once more, and tell whether it was one. Raises NotAManager."""
    managers_only(by)
    anew = {"begun_at": None, "progress": 0, "tries": 0, "failed_at": None}
    with transaction.atomic():
        if not Trial.objects.filter(pk=trial.pk, cancelled_at=None).exclude(failed_at=None).update(**anew):
            return False
        trial.refresh_from_db()
        for follow in followers:
            follow(trial)
    return True


def fail_lost(runs: Collection[int], *, at: datetime) -> int:
    """Write down that those trials failed that no job will run any more, and return how many. `runs` are jobs' trials.

    A job is made in the transaction of its trial, so there is none without one but when the job itself is gone.
    """
    return _alive().filter(asked_at__lt=at - LOST_AFTER).exclude(pk__in=runs).update(failed_at=at)


def ahead_of(trial: Trial) -> int:
    """Return how many trials are run before one that waits: one runs at a time. None of those older by a day counts."""
    before = _alive().filter(pk__lt=trial.pk)
    return before.filter(asked_at__gt=trial.asked_at - A_DAY).count()


def forget_old(*, at: datetime) -> int:
    """Delete what was tried more than ninety days ago, and return how many trials that were."""
    count, _rows = Trial.objects.filter(asked_at__lt=at - KEPT_FOR).delete()
    return count


def run(key: int, *, rota_of: RotaOf, clock: Callable[[], datetime]) -> str:
    """Run a trial, and return how it ended in a word: `done`, `refused`, `cancelled`, or `over` when it was before.

    Whatever is raised over it is written down as its failure, and raised. It has `failed` too when workers die over it.
    """
    at = clock()
    if not _alive().filter(pk=key).update(begun_at=at, progress=0, tries=F("tries") + 1):
        return "over"
    trial = Trial.objects.get(pk=key)
    if trial.tries > MOST_TRIES:
        _mine(trial).update(failed_at=at)
        return "failed"
    try:
        result, problem = _found(trial, rota_of, at), ""
    except Cancelled:
        return "cancelled"
    except BeyondHorizon as refused:
        result, problem = None, str(refused)[:200]
    except Exception:
        _mine(trial).update(failed_at=clock())
        raise
    _mine(trial).update(result=result, problem=problem, progress=100, ended_at=clock())
    return "refused" if problem else "done"


def tried(known: Agreement, source: str, calendar: str) -> Agreement:
    """Return the agreement that is tried. Raises DocumentRefused, CalendarRefused."""
    agreement = document.read(source, propose=propose).sound() if source else known
    return with_calendar(agreement, calendar, propose=propose) if calendar.strip() else agreement


def _found(trial: Trial, rota_of: RotaOf, at: datetime) -> dict[str, object]:
    """Return what history would have been, and the people it takes."""
    known = agreement_of(trial.against)
    new, log = tried(known, trial.source, trial.calendar), _log(trial)
    histories = own.history().histories() if log is None else log.histories
    firsts = [int(one.sent.min()) for one in histories.values()]
    since = datetime.fromtimestamp(min(firsts), UTC) if firsts else at
    keys = (None, None) if trial.rota is None else (trial.rota_before or trial.rota, trial.rota)
    rotas = [None if one is None else rota_of(one, since) for one in keys]
    both, sides = compared(histories, known, new), []
    for number, (agreement, rota) in enumerate(zip((known, new), rotas, strict=True)):
        _tell(trial, (number + 1) * REPLAYED // 2)
        sides.append(replay(both.histories, agreement, now=at, rota=rota))
    result = replayed(sides[0], sides[1], both)
    result["tickets"] = sum(int(one.sent.size) for one in histories.values())
    result["since"] = since.isoformat()
    if trial.target is not None:
        took = _handling(trial, known, log)
        more = own.further(at=at) if log is None else of_counts(log.answers)
        result["staffing"] = _staffing(trial, histories, new, (took, more), at)
    return result


def _log(trial: Trial) -> Told | None:
    """Return the log that a trial is of, or None for our own tickets."""
    return unpacked(bytes(Log.objects.get(trial=trial).content)) if trial.log_name else None


def _handling(trial: Trial, known: Agreement, log: Told | None) -> Seconds:
    """Return how long answers take: as was said, as the log tells, or as our own history does."""
    if trial.handling is not None:
        return np.array([trial.handling], dtype=np.int64)
    return own.handling(known) if log is None else log.handled


def _staffing(
    trial: Trial, histories: dict[Question, History], new: Agreement, work: tuple[Seconds, Further], at: datetime
) -> dict[str, object]:
    """Return the people it takes for some work; `refused` and why where history does not tell."""
    took, more = work
    if trial.handling is None and took.size < FEWEST_ANSWERS:
        return {"refused": "handling"}
    assert trial.target is not None
    asked = Asked(target=trial.target, handling=took, growth=trial.growth, further=more)

    def tell(done: float) -> None:
        _tell(trial, REPLAYED + int(done * (99 - REPLAYED)))

    try:
        return as_facts(staffing(histories, new, asked, at=at, tell=tell))
    except TooLittleHistory:
        return {"refused": "history"}
    except StaffingRefused as problem:
        return {"refused": problem.rule}


def _tell(trial: Trial, progress: int) -> None:
    """Write down how much is done, in percent. Raises Cancelled when somebody has ended it meanwhile."""
    if progress == trial.progress:
        return
    trial.progress = progress
    if not _mine(trial).update(progress=progress):
        raise Cancelled(trial.pk)


def _alive() -> QuerySet[Trial]:
    """Return the trials that are not over."""
    return Trial.objects.filter(ended_at=None, cancelled_at=None, failed_at=None)


def _mine(trial: Trial) -> QuerySet[Trial]:
    """Return a trial as long as it is not over, and nobody has begun with it after whoever asks."""
    return _alive().filter(pk=trial.pk, tries=trial.tries)
