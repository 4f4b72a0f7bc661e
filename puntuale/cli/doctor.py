"""`puntuale doctor`: look whether all is well with the desk."""

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta

import click

from puntuale.cli import deployment
from puntuale.cli.asking import Call
from puntuale.cli.finding import Finding
from puntuale.guarantee import zones

OLD_RULES = timedelta(days=365)
HOLIDAYS_AHEAD = timedelta(days=365)


@click.command("doctor")
@click.option("--promises", is_flag=True, help="Look whether every promise of the next thirty days can be kept.")
@click.option(
    "--evidence", is_flag=True, help="Replay the events of all tickets, closed ones too, and follow all chains."
)
@click.option("--deploy", is_flag=True, help="Look whether the desk is set up safely.")
@click.pass_obj
def command(call: Call, *, promises: bool, evidence: bool, deploy: bool) -> None:
    """Look whether all is well with the desk. Exit status 1 when something is wrong."""
    if promises + evidence + deploy > 1:
        raise click.UsageError("Give one of --promises, --evidence and --deploy.")
    look = _promises if promises else _evidence if evidence else deployment.findings if deploy else findings
    worst = False
    with call.open_desk():
        for finding in look(call.at):
            click.echo(f"{finding.verdict:<8} {finding.what}")
            worst = worst or finding.verdict == "bad"
    sys.exit(1 if worst else 0)


def findings(at: datetime) -> Iterator[Finding]:
    """Yield what was looked at. What depends on something bad is not looked at."""
    yield _python()
    yield _zone_rules(at)
    yield (schema := _schema())
    if schema.verdict == "bad":
        return
    yield from _agreement(at)
    yield from _contracts(at)
    yield from _replay()
    yield from _chains()
    yield from _anchors()
    yield from _seals()
    yield from _erasures()


def _evidence(at: datetime) -> Iterator[Finding]:  # noqa: ARG001 -- what was recorded is looked at, whenever
    """Look at everything that was ever recorded: what happened, what was promised, and how it ended."""
    from puntuale.tickets.models import Ticket  # noqa: PLC0415
    from puntuale.tickets.replay import differences  # noqa: PLC0415

    wrong = 0
    for difference in differences(Ticket.objects.all()):
        wrong += 1
        yield Finding("bad", str(difference))
    if not wrong:
        yield Finding("ok", f"the events of all {Ticket.objects.count()} tickets lead to what is stored about them")
    yield from _chains()
    yield from _anchors()
    yield from _seals()


def _promises(at: datetime) -> Iterator[Finding]:
    """Yield what the page "Can we keep our promises?" shows, in English and on the clock of UTC."""
    from puntuale.office import assurance, assurance_words  # noqa: PLC0415

    for found in assurance.findings(at):
        sentence = assurance_words.sentence(found, "en", zones.zone("UTC"), at=at)
        remedy = assurance_words.remedy(found, "en")
        yield Finding(found.verdict.value, f"{sentence} {remedy}".strip())


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Finding("ok", f"Python {version}")


def _zone_rules(at: datetime) -> Finding:
    """Look how old the time zone rules are: a release is named after its year, `2026f`."""
    release = zones.use_newest_rules()
    if not release[:4].isdecimal():
        return Finding("warning", f"time zone rules of an unknown release ({release})")
    if int(release[:4]) < (at - OLD_RULES).year:
        return Finding("warning", f"time zone rules {release} are more than a year old; update the package tzdata")
    return Finding("ok", f"time zone rules {release}")


def _schema() -> Finding:
    from django.db import DatabaseError, connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415
    from psycopg import OperationalError  # noqa: PLC0415

    from puntuale.cli import pooling  # noqa: PLC0415

    try:
        if pooling.shares_sessions():
            return Finding("bad", pooling.REFUSED)
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            version = cursor.fetchone()[0]
    except (DatabaseError, OperationalError) as problem:
        return Finding("bad", f"the database does not answer: {problem}")
    if waiting:
        return Finding("bad", f"the database lacks {len(waiting)} migrations; run puntuale prepare")
    return Finding("ok", f"PostgreSQL {version}, schema up to date")


def _agreement(at: datetime) -> Iterator[Finding]:
    from puntuale.agreements.reading import NothingInForce, agreement_in_force  # noqa: PLC0415

    try:
        agreement = agreement_in_force(at)
    except NothingInForce:
        yield Finding("bad", "no agreement is in force, so nothing can be promised; run puntuale agreement publish")
        return
    yield Finding("ok", f"agreement version {agreement.version} is in force")
    for days in agreement.holiday_lists.values():
        enough = days.last_year >= (at + HOLIDAYS_AHEAD).year
        name = days.name.in_language("en") or days.key
        yield Finding("ok" if enough else "warning", f"holidays {name!r} are known up to the end of {days.last_year}")


def _contracts(at: datetime) -> Iterator[Finding]:
    """Look whether each version in force, now or later, has the plans that contracts are on then."""
    from puntuale.agreements.contracts import contracts_outside  # noqa: PLC0415
    from puntuale.agreements.reading import agreement_published_as, turns  # noqa: PLC0415

    for turn in turns(at):
        agreement = agreement_published_as(turn.publication)
        broken = contracts_outside(agreement, since=turn.since, until=turn.until).select_related("organisation")
        for contract in broken:
            where = f"which agreement version {agreement.version} does not have"
            yield Finding("bad", f'the contract of {contract.organisation} is on the plan "{contract.plan}", {where}')


def _replay() -> Iterator[Finding]:
    """Replay the events of all open tickets, and tell what they lead to that is not what is stored."""
    from puntuale.tickets.models import Ticket  # noqa: PLC0415
    from puntuale.tickets.replay import differences, still_owed  # noqa: PLC0415

    tickets = still_owed(Ticket.objects.all())
    count, wrong = tickets.count(), 0
    for difference in differences(tickets):
        wrong += 1
        yield Finding("bad", str(difference))
    if not wrong:
        yield Finding("ok", f"the events of {count} open tickets lead to what is stored about them")


def _chains() -> Iterator[Finding]:
    """Look whether the events of all tickets, open and closed, are those that were recorded."""
    from puntuale.tickets.chaining import breaks  # noqa: PLC0415
    from puntuale.tickets.models import Event  # noqa: PLC0415

    broken = list(breaks())
    for one in broken:
        yield Finding("bad", str(one))
    if not broken:
        yield Finding("ok", f"the chains of {Event.objects.count()} events are whole")


def _anchors() -> Iterator[Finding]:
    """Look whether what was recorded is as it was anchored, and tell the newest anchor, to be written down."""
    from puntuale.tickets.anchoring import broken_anchors  # noqa: PLC0415
    from puntuale.tickets.models import Anchor  # noqa: PLC0415

    broken = list(broken_anchors())
    for one in broken:
        yield Finding("bad", f"what was recorded is not as it was anchored on {one.day}")
    newest = Anchor.objects.last()
    if not broken and newest is not None:
        yield Finding("ok", f"what was recorded fits {Anchor.objects.count()} anchors; {newest.day}: {newest.digest}")


def _seals() -> Iterator[Finding]:
    """Look whether the audit log is as it was sealed."""
    from puntuale.people.audit import broken_seals  # noqa: PLC0415
    from puntuale.people.models import AuditSeal  # noqa: PLC0415

    broken = list(broken_seals())
    for seal in broken:
        yield Finding("bad", f"the audit log up to entry {seal.up_to} is not as it was sealed at {seal.made_at:%F %T}Z")
    if not broken:
        yield Finding("ok", f"the audit log fits its {AuditSeal.objects.count()} seals")


def _erasures() -> Iterator[Finding]:
    """Look whether whoever was erased is, and stands in the journal, so that no backup brings her back."""
    from puntuale.privacy import journal, staying_erased  # noqa: PLC0415

    try:
        back, unwritten = list(staying_erased.who_is_back()), staying_erased.not_in_journal()
    except (journal.JournalDamaged, OSError) as problem:
        yield Finding("bad", f"the journal of erasures cannot be read: {problem}")
        return
    for person in back:
        yield Finding("bad", f"person {person.pk} was to be erased and is there; run puntuale prepare")
    if unwritten:
        yield Finding("warning", f"{unwritten} people are erased and not in the journal; run puntuale prepare")
    if not back and not unwritten:
        yield Finding("ok", "whoever was erased is, and stands in the journal of erasures")
