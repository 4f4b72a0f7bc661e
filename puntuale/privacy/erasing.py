"""Erasing a person: nothing of her is left in database, files and search, and what was promised and kept stays.

Events, promises and the audit log never held anything personal: they name rows, so they stay as they are, and so do
their sums and seals. What a customer wrote goes. What somebody wrote for the vendor is the vendor's and stays, without
her name.
"""

from datetime import datetime

from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat

from puntuale.guarantee.facts import Phase
from puntuale.mail.incoming import forgetting as mail
from puntuale.oncall.models import Contact, Feed
from puntuale.people import audit, revocation
from puntuale.people.email import ERASED_DOMAIN
from puntuale.people.models import AuditEntry, Invitation, JoinRequest, Person, Role, SignUp, Token
from puntuale.privacy import journal, texts
from puntuale.privacy.journal import Erasure
from puntuale.privacy.texts import REMOVED, TEXTS
from puntuale.reports.models import MailedReport, Subscription
from puntuale.sending.models import Intent
from puntuale.tickets import attachments, searching
from puntuale.tickets.assignment import assign_all
from puntuale.tickets.models import Attachment, Draft, Presence, SavedFilter, Ticket
from puntuale.tickets.rights import managers_only
from puntuale.webhooks.models import PhoneNumber
from puntuale.whatif.models import Trial

ACCOUNT = (
    "usersessions.UserSession",
    "mfa.Authenticator",
    "socialaccount.SocialAccount",
    "account.EmailAddress",
)
ALIVE = (Phase.OPEN, Phase.WAITING)


class NotHers(PermissionError):
    """Nobody erases herself, and only an administrator another administrator."""


def erased_at(person: Person) -> datetime | None:
    """Return when a person was erased, as the audit log tells it: None for everybody else."""
    if not person.is_erased:
        return None
    entries = AuditEntry.objects.filter(action="person_erased", about=audit.about(person), at__gte=person.joined_at)
    return entries.order_by("at").values_list("at", flat=True).first() or person.left_at


def erase(person: Person, *, by: Person, at: datetime, address: str = "") -> None:
    """Erase a person for good. Managers do that. A second time does nothing.

    Raises NotAManager, NotHers, and NotJournalled when it cannot be written into the journal: then nothing is erased.
    """
    managers_only(by)
    if by.pk == person.pk or (person.role == Role.ADMINISTRATOR and by.role != Role.ADMINISTRATOR):
        raise NotHers(person.pk)
    # Outermost, so that it is committed when this comes back, as the journal says.
    with transaction.atomic(durable=True):
        person = _locked(person)
        if person.is_erased:
            return
        _erase(person, by=by, at=at)
        audit.record("person_erased", by=by, about=audit.about(person), at=at, address=address)
        # Last of all. What stands there is done: should the commit fail, the journal has it finished.
        journal.write(settings.ERASURES, [Erasure(at, person.pk, person.joined_at)])


def erase_again(person: Person, *, at: datetime) -> None:
    """Erase somebody whose erasure stands in the journal, when a backup brought her back. Nobody decides it anew."""
    with transaction.atomic():
        person = _locked(person)
        if person.is_erased:
            return
        _erase(person, by=None, at=at)
        audit.record("person_erased", by=None, about=audit.about(person), at=at, again=True)


def _locked(person: Person) -> Person:
    return Person.objects.select_for_update(of=("self",)).get(pk=person.pk)


def _erase(person: Person, *, by: Person | None, at: datetime) -> None:
    concerned = list(texts.tickets_with(person).values_list("pk", flat=True))
    # Nobody is to wait for her.
    assign_all(person.tickets_assigned.filter(phase__in=ALIVE), to=None, by=by, at=at)
    if not person.works_for_vendor:
        _erase_what_she_wrote(person)
    texts.take_out(texts.names_of(person), concerned)
    mail.forget_person(person, tickets=concerned, at=at)
    _erase_what_is_hers(person, at)
    _erase_her_account(person)
    _become_a_tombstone(person, at)
    revocation.revoke_access(person, by=by, at=at)
    for ticket in Ticket.objects.filter(pk__in=concerned).select_related("organisation", "requester"):
        searching.rebuild(ticket)


def _erase_what_she_wrote(person: Person) -> None:
    for table, _, column, author in TEXTS:
        table._default_manager.filter(**{author: person}).exclude(**{column: ""}).update(**{column: REMOVED})
    attachments.remove(Attachment.objects.filter(uploaded_by=person))


def _erase_her_account(person: Person) -> None:
    """Erase with what she came in, and every trace of how she came."""
    for table in ACCOUNT:
        apps.get_model(table)._default_manager.filter(user=person).delete()
    for rows, way in ((Invitation, "accepted_by"), (JoinRequest, "person"), (SignUp, "person")):
        rows._default_manager.filter(Q(**{way: person}) | Q(address=person.email)).delete()
    with connection.cursor() as cursor:
        # Letters about accounts that are still to be sent.
        cursor.execute("DELETE FROM procrastinate_jobs WHERE args ->> 'address' = %s", [person.email])


def _erase_what_is_hers(person: Person, at: datetime) -> None:
    Trial.objects.filter(asked_by=person).delete()
    for rows in (Contact, Feed, Draft, SavedFilter, Presence, Token, PhoneNumber, Subscription, MailedReport):
        rows._default_manager.filter(person=person).delete()
    LogEntry.objects.filter(user_id=person.pk).delete()
    LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Person), object_id=str(person.pk)).delete()
    on_the_way = Intent.objects.filter(person=person, try_at__isnull=False)
    on_the_way.update(try_at=None, cancelled_at=at, cancelled_because="person_erased")
    # A way to tell her something is one of a kind, so each keeps an address, which leads nowhere.
    nowhere = Concat(Value("erased-"), Cast(F("pk"), CharField()))
    Intent.objects.filter(person=person).update(address=nowhere, problem="")


def _become_a_tombstone(person: Person, at: datetime) -> None:
    person.name, person.email = f"[{person.pk}]", f"{person.pk}@{ERASED_DOMAIN}"
    person.language, person.zone_name = "en", "UTC"
    person.quiet_from = person.quiet_until = None
    person.last_login = None
    person.left_at = person.left_at or at
    person.set_unusable_password()
    person.save()
