"""What a replay says, as plain values that JSON can hold. People stand in it by their keys."""

from dataclasses import asdict
from datetime import timedelta

from puntuale.whatif.comparing import Compared
from puntuale.whatif.replaying import Replay, Tally, moved

MOST_GAPS = 20


def replayed(before: Replay, after: Replay, compared: Compared) -> dict[str, object]:
    """Return what two replays of the same history say, and what of it was left out."""
    left_out = compared.left_out_by_side
    return {
        "moved": asdict(moved(before, after)),
        "before": _side(before),
        "after": _side(after),
        "unknown": sum(left_out.values()),
        "left_out": left_out,
    }


def by_promise(one: Replay) -> dict[tuple[str, str], Tally]:
    """Return the tallies of each plan and priority, wherever it happened and whatever it was about."""
    found: dict[tuple[str, str], Tally] = {}
    for question, tally in one.tallies.items():
        found.setdefault((question.plan, question.priority), Tally()).add(tally)
    return found


def _side(one: Replay) -> dict[str, object]:
    gaps = one.duty.gaps if one.duty else []
    return {
        **asdict(one.total),
        "promises": [
            {"plan": plan, "priority": priority, **asdict(tally)}
            for (plan, priority), tally in sorted(by_promise(one).items())
        ],
        "by_hour": one.by_hour,
        "calls": {alarm: asdict(calls) for alarm, calls in one.calling.by_alarm.items()},
        "calls_at_night_by_hour": one.night_by_hour,
        "people": [{"who": who, **asdict(calls)} for who, calls in one.calling.by_person.items()],
        "gaps": [[gap.start.isoformat(), gap.end.isoformat()] for gap in gaps[:MOST_GAPS]],
        "gap_count": len(gaps),
        "gap_hours": round(sum((gap.end - gap.start for gap in gaps), timedelta()) / timedelta(hours=1)),
    }
