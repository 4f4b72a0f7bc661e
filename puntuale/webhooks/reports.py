"""What programs tell us, read with goodwill: each names things in its own way."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from puntuale.guarantee.visible import is_visible

SUBJECTS = (
    "subject", "title", "summary", "commonAnnotations.summary", "commonLabels.alertname", "alert.name", "monitor.name",
    "data.issue.title", "data.event.title", "name", "message", "msg",
)  # fmt: skip
BODIES = ("body", "description", "commonAnnotations.description", "text", "details", "message", "msg")
NAMES = (
    "id", "key", "groupKey", "fingerprint", "incident.id", "alert.id", "monitor.id", "heartbeat.monitorID",
    "event_id", "alert_id", "data.issue.id", "data.metric_alert.id", "code", "CallSid", "call_id",
)  # fmt: skip
STATES = (
    "status", "state", "alert.state", "alert_transition", "event_status", "trigger_status", "action", "alert_type",
)  # fmt: skip
CALLERS = ("from", "From", "caller", "caller_id", "number")
OVER = frozenset(
    {
        "resolved", "ok", "up", "closed", "recovered", "recovery", "success", "normal", "healthy", "passing", "green",
        "clear", "cleared", "inactive", "expired", "no longer firing", "done", "completed",
    }
)  # fmt: skip
NUMBERS = {"heartbeat.status": "1", "event_value": "0"}
"""What stands for good news where a program says it by a number: Uptime Kuma, Zabbix. Elsewhere one says nothing."""
ANSWERED = frozenset({"answered", "completed", "in-progress"})
CALL_STATES = ("status", "CallStatus", "DialCallStatus", "state")
LONGEST_PART = 200


@dataclass(frozen=True, slots=True)
class Report:
    """What a program told: a line, a text, how it names the matter, whether it is over, and who called."""

    subject: str
    body: str
    name: str
    is_over: bool
    was_answered: bool
    caller: str
    raw: str


def read(told: Mapping[str, object]) -> Report:
    """Return what a program told. What it did not say is empty."""
    return Report(
        subject=_first(told, SUBJECTS),
        body=_first(told, BODIES),
        name=_first(told, NAMES)[:LONGEST_PART],
        is_over=_is_over(told),
        was_answered=_first(told, CALL_STATES).lower() in ANSWERED,
        caller=_first(told, CALLERS)[:LONGEST_PART],
        raw=json.dumps(told, ensure_ascii=False, indent=2, default=str),
    )


def _is_over(told: Mapping[str, object]) -> bool:
    state = _first(told, STATES).lower()
    return state in OVER or (not state and any(_first(told, [path]) == good for path, good in NUMBERS.items()))


def _first(told: Mapping[str, object], paths: Sequence[str]) -> str:
    for path in paths:
        found: object = told
        for step in path.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
        if isinstance(found, str | int | float) and not isinstance(found, bool) and is_visible(str(found)):
            return str(found).strip()
    return ""
