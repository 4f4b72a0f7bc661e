"""What runs in the worker: jobs at their hours. Whatever must come in seconds has a loop of its own instead."""

import logging
from datetime import datetime

from asgiref.sync import async_to_sync
from django.core.management import call_command
from procrastinate import App, RetryStrategy
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.models import ProcrastinateJob

from puntuale.accounts.forgetting import end_sessions_and_passkeys, forget_ended_sessions
from puntuale.agreements import contracts, desk
from puntuale.agreements.models import Contract, Publication
from puntuale.api.forgetting import forget_old_answers
from puntuale.conf import clock
from puntuale.guarantee import anchors
from puntuale.guarantee.rota import Rota
from puntuale.mail import telling as letters_to_readers
from puntuale.mail.incoming import forgetting, handling, keeping
from puntuale.oncall import by_mail, coverage, notices, paging
from puntuale.oncall import reading as duty
from puntuale.oncall.acknowledging import NothingToAcknowledge
from puntuale.people import audit, post, revocation, sign_up
from puntuale.people.models import Organisation, Person
from puntuale.privacy import retention, staying_erased
from puntuale.reports import mailing, summing
from puntuale.tickets import anchoring, attachments, drafts, events, presence, renewal
from puntuale.tickets.conflicts import retrying
from puntuale.tickets.coverage import cover
from puntuale.tickets.models import Ticket
from puntuale.tickets.replay import differences, still_owed
from puntuale.watch import endings, heartbeat, listeners, ringing, watching
from puntuale.webhooks import endpoints, incoming
from puntuale.webhooks import telling as webhooks
from puntuale.whatif import trials
from puntuale.whatif.models import Trial

log = logging.getLogger("puntuale.worker")

STALLED_AFTER = 30
unpaged = paging.Lookout()
NIGHTLY, HOURLY, OFTEN = "17 2 * * *", f"{anchors.MINUTE} * * * *", "*/5 * * * *"


def register(app: App) -> None:
    """Give the worker its tasks. Called by procrastinate once Django is ready."""
    app.periodic(cron=NIGHTLY)(
        app.task(name="replay_open_tickets", queueing_lock="replay_open_tickets")(replay_open_tickets)
    )
    app.periodic(cron=HOURLY)(
        app.task(name="forget_what_was_not_sent", queueing_lock="forget_what_was_not_sent")(forget_what_was_not_sent)
    )
    cover = app.task(name="cover_organisation", queue="promises")(cover_organisation)

    def when_signed(contract: Contract) -> None:
        cover.configure(schedule_at=contract.starts_at).defer(organisation=contract.organisation_id)

    app.periodic(cron=HOURLY)(
        app.task(name="seal_the_audit_log", queueing_lock="seal_the_audit_log")(seal_the_audit_log)
    )
    app.periodic(cron=HOURLY)(app.task(name="anchor_the_events", queueing_lock="anchor_the_events")(anchor_the_events))
    app.periodic(cron=OFTEN)(
        app.task(name="sum_up_for_reports", queueing_lock="sum_up_for_reports")(sum_up_for_reports)
    )
    app.periodic(cron=HOURLY)(app.task(name="send_reports", queueing_lock="send_reports")(send_reports))
    app.periodic(cron=NIGHTLY)(
        app.task(name="forget_what_is_over_age", queueing_lock="forget_what_is_over_age")(forget_what_is_over_age)
    )
    letter = app.task(name="post_letter", queue="letters", retry=RetryStrategy(max_attempts=10, exponential_wait=4))(
        post.post
    )

    def carry(address: str, subject: str, text: str) -> None:
        letter.defer(address=address, subject=subject, text=text)

    post.carriers[1:] = [carry]
    sign_up.founded[:] = [contracts.begin_lowest]
    revocation.subscribers[:] = [end_sessions_and_passkeys, endpoints.switch_off_of]
    contracts.followers[:] = [when_signed]
    renew = app.task(name="renew_promises", queue="promises")(renew_promises)

    def when_asked(publication: Publication, by: Person) -> None:
        renew.defer(version=publication.version, by=by.pk)

    renewal.followers[:] = [when_asked]
    # A trial takes a processor for itself, so one runs at a time, whatever number of workers there is.
    trying = app.task(name="run_trial", lock="run_trial")(run_trial)

    def when_to_be_tried(trial: Trial) -> None:
        trying.defer(trial=trial.pk)

    trials.followers[:] = [when_to_be_tried]
    app.periodic(cron=OFTEN)(
        app.task(name="tell_of_lost_trials", queueing_lock="tell_of_lost_trials")(tell_of_lost_trials)
    )
    contracts.conditions[:] = [coverage.is_uncovered]
    events.listeners[:] = [letters_to_readers.tell, webhooks.tell]
    ringing.hearers[:] = [webhooks.tell_of_alarms]
    events.followers[:] = [watching.follow, paging.follow]
    handling.takers[:] = [take_answer_to_page]
    listeners.on_call[:] = [listeners.nobody, paging.on_call_for]
    app.periodic(cron=HOURLY)(
        app.task(name="forget_old_sessions", queueing_lock="forget_old_sessions")(forget_old_sessions)
    )


def look_after_pages() -> None:
    """Page over promises that had no chain when they were made, and tell people ahead of turns, gaps and ends."""
    at = heartbeat.database_now()
    if missing := unpaged.look(at):
        log.warning("%d promises that count day and night had no paging, and have one now", missing)
    notices.tell_ahead(at)
    endings.tell_ahead(at)


def take_answer_to_page(start: bytes, at: datetime) -> str:
    """Let whoever answers her page by mail be on it, and return so in a word; nothing for other mail."""
    try:
        by_mail.acknowledge(start, at=at)
    except (by_mail.WrittenByNobody, NothingToAcknowledge):
        return ""
    return "page"


def replay_open_tickets(timestamp: int) -> int:  # noqa: ARG001 -- the scheduler tells when it was due
    """Replay the events of all open tickets, write down what differs from what is stored, and return how much does."""
    found = 0
    for difference in differences(still_owed(Ticket.objects.all())):
        log.error("%s", difference)
        found += 1
    log.info("replayed the open tickets at %s: %d differences", clock.now().isoformat(timespec="seconds"), found)
    return found


@retrying
def cover_organisation(organisation: int) -> int:
    """Let open tickets have what a contract that has begun brings them, and return how many came forward (rule 10)."""
    return len(cover(Organisation.objects.get(pk=organisation), at=clock.now()))


@retrying
def renew_promises(version: int, by: int) -> int:
    """Let a version of the agreement bring open promises forward, and return how many tickets it did (rule 11)."""
    publication, person = Publication.objects.get(version=version), Person.objects.get(pk=by)
    return len(renewal.renew(publication, by=person, at=clock.now()))


def run_trial(trial: int) -> str:
    """Try what a manager asked for, and return how it ended. Whatever ended it while it ran is written down."""
    found = trials.run(trial, rota_of=_rota_of, clock=clock.now)
    log.info("trial %d: %s", trial, found)
    return found


def tell_of_lost_trials(timestamp: int) -> int:  # noqa: ARG001
    """Let trials fail of which the job is gone, and return how many. Those of dead workers come back by themselves."""
    waiting = ProcrastinateJob.objects.filter(task_name="run_trial", status__in=("todo", "doing"))
    count = trials.fail_lost([job.args["trial"] for job in waiting], at=clock.now())
    if count:
        log.error("%d trials had no job any more, and failed", count)
    return count


def _rota_of(key: int, since: datetime) -> Rota | None:
    rota = duty.rotas().filter(pk=key).first()
    return None if rota is None else duty.as_rota(rota, at=clock.now(), since=since)


def forget_old_sessions(timestamp: int) -> None:  # noqa: ARG001
    """Delete the sessions that have ended, and the old log of the webhooks."""
    call_command("clearsessions", verbosity=0)
    endpoints.forget_old(at=clock.now())
    incoming.forget_old(at=clock.now())
    forget_ended_sessions(at=clock.now())


def forget_what_was_not_sent(timestamp: int) -> None:  # noqa: ARG001
    """Drop files that were uploaded and never sent, old drafts, and who was looking at what an hour ago."""
    now = clock.now()
    sign_up.forget_old(at=now)
    forget_old_answers(at=now)
    keeping.sweep(at=now)
    dropped = attachments.forget_unsent(at=now), drafts.forget_old(at=now), presence.forget_old(at=now)
    log.info("dropped %d files, %d drafts, %d presences", *dropped)


def retry_stalled_jobs() -> int:
    """Bring back the jobs of workers that were killed, and return how many."""
    return async_to_sync(_retry_stalled)()


async def _retry_stalled() -> int:
    manager, count = jobs.job_manager, 0
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        await manager.retry_job(job)
        log.warning("the job %s of a worker that died is done again", job.task_name)
        count += 1
    return count


def seal_the_audit_log(timestamp: int) -> None:  # noqa: ARG001
    """Seal what has been written into the audit log, and forget from where it was done long ago."""
    now = clock.now()
    audit.forget_addresses(at=now)
    audit.seal(at=now)


def anchor_the_events(timestamp: int) -> str:  # noqa: ARG001
    """Anchor what was recorded, once a day, and return the digest; nothing where there is none to make."""
    made = anchoring.anchor(at=clock.now())
    if made is None:
        return ""
    log.info("anchored %d events on %s: %s", made.count, made.day, made.digest)
    return made.digest


def sum_up_for_reports(timestamp: int) -> int:  # noqa: ARG001
    """Sum up the days that are over and were not yet, or were touched since, and return how many."""
    at = clock.now()
    return summing.sum_up(at=at, zone=desk.zone_at(at))


def send_reports(timestamp: int) -> int:  # noqa: ARG001
    """Send the reports on the week or month that is over to whoever wants them, and return how many."""
    at = clock.now()
    return mailing.send_due(at=at, zone=desk.zone_at(at))


def forget_what_is_over_age(timestamp: int) -> int:  # noqa: ARG001
    """Forget what people wrote on tickets that ended long ago, as far as there is a rule, and return on how many.

    Old mail goes too, what was tried long ago, and who was to be erased and is there nevertheless.
    """
    now = clock.now()
    forgetting.forget_old(at=now)
    trials.forget_old(at=now)
    done = retention.forget(at=now)
    log.info("forgot what was written on %d tickets", done)
    staying_erased.erase_again(at=now)
    return done
