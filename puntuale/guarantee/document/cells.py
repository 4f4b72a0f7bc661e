"""The table of the promise: plans by priorities, and whether its order makes sense."""

from collections.abc import Mapping, Sequence

from puntuale.guarantee.agreement import Cell, Metric, NoGuarantee, Plan, Priority, Reason
from puntuale.guarantee.document.phrases import gettext_lazy
from puntuale.guarantee.document.sections import Section, did_you_mean
from puntuale.guarantee.hours import HoursTable
from puntuale.guarantee.targets import Target, TargetRefused, parse

NONE = "none"
MOST_CELLS = 1_000
"""Plans times priorities. Each cell is compared with all lesser ones."""
Cells = dict[tuple[Metric, str, str], Cell]


def cells(
    document: Section, plans: Sequence[Plan], priorities: Sequence[Priority], tables: Mapping[str, HoursTable | None]
) -> Cells:
    """Return what each metric owes each plan and priority. The first response must say something for all of them."""
    found: Cells = {}
    if (count := len(plans) * len(priorities)) > MOST_CELLS:
        for metric in Metric:
            document.take(metric.value)
        document.report("plan", None, "list.too_long", count=count, limit=MOST_CELLS)
        return found
    for metric in Metric:
        table = document.section(metric.value, required=metric is Metric.FIRST_RESPONSE)
        for plan_key, row in table.named():
            table.reference("", plan_key, gettext_lazy("plans"), [plan.key for plan in plans])
            for priority_key in row.table if row.is_short_enough() else ():
                row.reference("", priority_key, gettext_lazy("priorities"), [priority.key for priority in priorities])
                cell = _cell(row, priority_key, tables)
                if cell is not None:
                    found[metric, plan_key, priority_key] = cell
        if metric is Metric.FIRST_RESPONSE and isinstance(document.table.get(metric.value), Mapping):
            _report_missing(table, plans, priorities)
    _report_order(document, found, plans, priorities, tables)
    return found


def _cell(row: Section, key: str, tables: Mapping[str, HoursTable | None]) -> Cell | None:
    written = row.string(key)
    if written is None:
        return None
    if written == NONE:
        return NoGuarantee(Reason.PLAN)
    if NONE in written.split():
        row.report(key, written, "target.contradiction")
        return None
    if tables.get(written.rpartition(" ")[2], written) is None:
        return None
    try:
        return parse(written, {name: table for name, table in tables.items() if table})
    except TargetRefused as problem:
        details = dict(problem.details)
        wanted = str(details.pop("key", ""))
        details["tables"] = ", ".join(tables)
        row.report(key, written, problem.rule, key=wanted, hint=did_you_mean(wanted, tables), **details)
        return None


def _report_missing(table: Section, plans: Sequence[Plan], priorities: Sequence[Priority]) -> None:
    missing = []
    for plan in plans:
        row = table.table.get(plan.key)
        said = row if isinstance(row, Mapping) else {}
        missing += [f"{plan.key}.{priority.key}" for priority in priorities if said.get(priority.key) is None]
    if missing:
        table.report("", None, "cell.missing", missing=", ".join(missing))


def _report_order(
    document: Section,
    found: Cells,
    plans: Sequence[Plan],
    priorities: Sequence[Priority],
    tables: Mapping[str, HoursTable | None],
) -> None:
    """Warn where a more urgent priority or a better plan waits longer: probably a slip of the pen.

    Each cell is compared with all lesser ones, the nearest first, since those between may have no guarantee.
    """
    for (metric, plan_key, priority_key), cell in found.items():
        row, column = _position(plan_key, plans), _position(priority_key, priorities)
        if row is None or column is None:
            continue
        path = f"{metric}.{plan_key}.{priority_key}"
        for other in priorities[column + 1 :]:
            second = found.get((metric, plan_key, other.key))
            if _slower(cell, second, tables):
                document.report(
                    path, str(cell), "order.priority_slower",
                    urgent=priority_key, urgent_target=cell, other=other.key, other_target=second,
                )  # fmt: skip
                break
        for lesser in reversed(plans[:row]):
            second = found.get((metric, lesser.key, priority_key))
            if _slower(cell, second, tables):
                document.report(
                    path, str(cell), "order.plan_slower",
                    better=plan_key, better_target=cell, other=lesser.key, other_target=second,
                )  # fmt: skip
                break
            if isinstance(cell, NoGuarantee) and isinstance(second, Target):
                document.report(path, NONE, "order.plan_loses", better=plan_key, other=lesser.key)
                break


def _position(key: str, terms: Sequence[Plan | Priority]) -> int | None:
    return next((number for number, term in enumerate(terms) if term.key == key), None)


def _slower(first: Cell | None, second: Cell | None, tables: Mapping[str, HoursTable | None]) -> bool:
    """Tell whether the first surely waits longer. Targets on different hours cannot always be compared.

    They can where the second counts day and night: no other hours use up the same time any sooner.
    """
    if not isinstance(first, Target) or not isinstance(second, Target):
        return False
    if first.hours == second.hours:
        return first.seconds > second.seconds
    one, other = tables[first.hours], tables[second.hours]
    if one is None or other is None or not other.is_always_open:
        return False
    return first.seconds > second.seconds if one.is_always_open else first.seconds >= second.seconds
