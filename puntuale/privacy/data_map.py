"""What the tables hold about people: every column that can hold words, and whether it is personal, secret or neither.

`tests/privacy/test_data_map.py` fails for a column that is not here, so that nobody adds one without thinking of it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from django.contrib.postgres import fields as postgres
from django.db import models

WORDLESS: frozenset[type[models.Field]] = frozenset(  # type: ignore[type-arg]
    {
        models.AutoField,
        models.BigAutoField,
        models.SmallAutoField,
        models.BooleanField,
        models.IntegerField,
        models.BigIntegerField,
        models.SmallIntegerField,
        models.PositiveIntegerField,
        models.PositiveBigIntegerField,
        models.PositiveSmallIntegerField,
        models.FloatField,
        models.DecimalField,
        models.DateField,
        models.DateTimeField,
        models.TimeField,
        models.DurationField,
        models.UUIDField,
        postgres.DateRangeField,
        postgres.DateTimeRangeField,
        postgres.IntegerRangeField,
        postgres.BigIntegerRangeField,
        postgres.DecimalRangeField,
    }
)
"""The kinds of columns in which nobody can write a word. Every other kind has to be below, also one not known here."""

PERSONAL: Mapping[str, str] = MappingProxyType(
    {
        "people.Person": "email name",
        "oncall.Contact": "address code",
        "sending.Intent": "address problem",
        "mail.Incoming": "sender subject text problem",
        "mail.MailedMessage": "left_out reference",
        "mail.Bounce": "said",
        "tickets.Ticket": "subject",
        "tickets.Message": "body",
        "tickets.Attachment": "name",
        "tickets.Reclassification": "text",
        "tickets.Lowering": "text",
        "tickets.Cancellation": "text",
        "tickets.Disagreement": "text answer",
        "tickets.ImpactReport": "text answer",
        "tickets.Rating": "comment",
        "tickets.Draft": "subject body fields",
        "tickets.SavedFilter": "name asked",
        "tickets.TicketWords": "public whole",
        "webhooks.PhoneNumber": "number",
        "people.AuditEntry": "address",
        "people.Invitation": "address",
        "people.SignUp": "address",
        "people.JoinRequest": "address name",
        "people.Token": "name",
        "api.KeptAnswer": "body",
        "account.EmailAddress": "email",
        "socialaccount.SocialAccount": "uid extra_data",
        "usersessions.UserSession": "ip user_agent data",
        "admin.LogEntry": "object_id object_repr change_message",
    }
)
"""Columns that may hold something about a person, or what she wrote. Export and erasure go through all of them."""

SECRET: Mapping[str, str] = MappingProxyType(
    {
        "people.Person": "password",
        "people.Invitation": "digest",
        "people.SignUp": "digest",
        "people.JoinRequest": "password",
        "people.Token": "digest begins",
        "api.KeptAnswer": "key asked etag",
        "people.IdentityProvider": "sealed_secret",
        "webhooks.IncomingHook": "digest",
        "webhooks.Endpoint": "sealed_secret sealed_former_secret",
        "account.EmailConfirmation": "key",
        "mfa.Authenticator": "data",
        "socialaccount.SocialApp": "secret",
        "socialaccount.SocialToken": "token token_secret",
        "usersessions.UserSession": "session_key",
        "sessions.Session": "session_key session_data",
    }
)
"""Columns with which somebody could come in: hashes and keys. They are in no export."""

NEITHER: Mapping[str, str] = MappingProxyType(
    {
        "people.Person": "role language zone_name",
        "people.Organisation": "name",
        "people.Invitation": "role",
        "people.SignUp": "domain unchecked_because",
        "people.JoinRequest": "language zone_name",
        "people.Token": "scopes",
        "people.DomainRule": "domain because",
        "people.OrganisationDomain": "domain",
        "people.IdentityProvider": "name key server client_id",
        "mfa.Authenticator": "type",
        "socialaccount.SocialAccount": "provider",
        "socialaccount.SocialApp": "provider provider_id name client_id key settings",
        "people.AuditEntry": "action about details",
        "people.AuditSeal": "digest",
        "reports.Count": "grouping key key_last promised final",
        "reports.Summed": "zone",
        "reports.Durations": "measure",
        "reports.Subscription": "every",
        "agreements.AgreementDraft": "source",
        "agreements.DeskSettings": "name language zone_name",
        "agreements.Contract": "plan",
        "agreements.Product": "name stage",
        "agreements.Publication": "source document digest",
        "mail.Incoming": "mailbox message_id content digest outcome because proof",
        "mail.Mailbox": "name problem",
        "mail.MailedMessage": "proof",
        "mail.Bounce": "status",
        "oncall.Contact": "channel",
        "oncall.Chain": "name plans",
        "oncall.Rota": "name",
        "oncall.Layer": "name zone_name weekly holidays",
        "oncall.Paging": "problem",
        "oncall.Acknowledgement": "via",
        "sending.Intent": "kind channel cancelled_because",
        "tickets.Ticket": "environment priority plan due_metric phase last_digest",
        "tickets.Message": "audience",
        "tickets.Attachment": "key digest",
        "tickets.Anchor": "root agreements digest",
        "tickets.Event": "kind facts digest",
        "tickets.PromiseMade": "metric plan priority target hours no_guarantee basis pauses",
        "tickets.PromiseEnding": "verdict",
        "tickets.Reclassification": "was became grounds",
        "tickets.Lowering": "to grounds environment",
        "tickets.Cancellation": "because",
        "tickets.ImpactReport": "to",
        "tickets.Link": "kind",
        "tickets.Draft": "place",
        "tickets.SavedReply": "title body language then",
        "tickets.SuggestedText": "grounds language text",
        "webhooks.Endpoint": "channel name url types disabled_because",
        "webhooks.IncomingHook": "kind name begins priority environment",
        "webhooks.IncomingCall": "outcome because",
        "webhooks.Delivery": "type level problem",
        "watch.Alarm": "level",
        "watch.Heartbeat": "worker",
        "watch.OutsideBeat": "problem",
        "watch.Watched": "problem",
        "whatif.Log": "content",
        "whatif.Trial": "source calendar log_name problem result",
    }
)
"""Keys, states and words of the vendor: what tells nothing about anybody but by the rows it stands in.

A log that somebody uploads to try an agreement (`whatif.Log`) is kept without its other columns: kinds of tickets, when
they came and were answered, how long that took. It goes with its trial, after ninety days or with its author.
"""


def can_hold_words(column: "models.Field[object, object]") -> bool:
    """Tell whether a column can hold words: all can but those that are known not to, and lists of such and links."""
    if isinstance(column, postgres.ArrayField):
        return can_hold_words(column.base_field)
    if isinstance(column, models.ForeignKey):
        return can_hold_words(column.target_field)
    return type(column) not in WORDLESS
