"""How each route is visited: with which rows of the world, what is sent, and what comes back to whoever may do it.

A route that is in no row fails the tests. `get` and `post` are the statuses for those who may; `who` narrows it to some of
those whom the table of `people.access` lets in, for rows that are not everybody's.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override

from puntuale.looks.views.files import signer
from tests.access.world import AT, MINUTE, NEXT, OURS
from tests.office.test_rotas import fields, steps

KEY = UUID(int=4711)
BEGUN = (AT - MINUTE).isoformat()
"""The version of the drafts that the forms were begun with."""
HERS = frozenset({"requester", "their administrator"})
TENDING = frozenset({"their administrator", "manager", "administrator"})


@dataclass(frozen=True)
class Visit:
    """One route: its arguments, what a form sends, the statuses, and for whom they hold."""

    of: Callable = lambda _: []
    sends: Callable = lambda _: {}
    get: int | None = None
    post: int | None = None
    who: frozenset[str] | None = None
    asks: dict = field(default_factory=dict)
    signed_in: int | None = None
    """What whoever is signed in gets instead."""


def on(name, **more):
    """A route about a ticket at the desk."""
    return Visit(lambda world: [getattr(world, name).pk], **more)


def deed(name="open", post=302, **sent):
    """A form about a ticket at the desk."""
    return on(name, post=post, sends=lambda world: {k: v(world) if callable(v) else v for k, v in sent.items()})


def hers(name="open", get=None, post=None, sends=None, more=lambda _: [], who=HERS):
    """A route about a ticket of the requester in the portal."""
    return Visit(lambda world: [getattr(world, name).pk, *more(world)], sends or (lambda _: {}), get, post, who)


def a_file():
    return SimpleUploadedFile("notes.txt", b"text", content_type="text/plain")


VISITS = {
    # anybody
    "home": Visit(get=302),
    "home_in_language": Visit(get=302),
    "guarantee": Visit(get=200),
    "guarantee_facts": Visit(get=200),
    "login": Visit(get=200, post=200, signed_in=302, sends=lambda _: {"username": "x@y.test", "password": "nonsense"}),
    "logout": Visit(post=302),
    # with a secret
    # The link of the first manager: nobody's as long as there is one, and there is one here.
    "welcome": Visit(lambda world: [world.welcome], get=404, post=404),
    "oncall_calendar": Visit(lambda world: [world.feed], get=200),
    "api": Visit(lambda _: ["me"], get=401),
    "page_link": Visit(lambda world: [world.page], get=200, post=302),
    # whoever is signed in
    "language": Visit(post=302, sends=lambda _: {"address": "/it/garanzia/"}),
    "preferences": Visit(
        get=200, post=302, sends=lambda _: {"language": "it", "zone_name": "Europe/Rome", "uses_keys": "on"}
    ),
    "new_calendar_address": Visit(post=302),
    "upload": Visit(post=201, sends=lambda _: {"file": a_file()}),
    "file": Visit(
        lambda world: [world.sent_file.key], get=302,
        who=frozenset({"requester", "their administrator", "agent", "manager", "administrator"}),
    ),
    "file_content": Visit(
        lambda world: [signer.sign(f"{world.sent_file.key}.{world.company.anna.pk}")], get=200,
        who=frozenset({"requester"}),
    ),
    "preview": Visit(post=200, sends=lambda _: {"body": "**bold**"}),
    "draft": Visit(
        post=200, sends=lambda world: {"place": "message", "ticket": world.waiting.pk, "body": OURS},
        who=frozenset({"requester", "their administrator", "agent", "manager", "administrator"}),
    ),
    # customers
    "tickets": Visit(get=200),
    "organisation_tickets": Visit(get=200),
    "organisation_report": Visit(get=200),
    "organisation_report_mail": Visit(post=302, sends=lambda _: {"every": "month"}),
    "find_tickets": Visit(get=200, asks={"q": OURS}),
    "new_ticket": Visit(
        get=200, post=302,
        sends=lambda world: {
            "key": KEY, "environment": "production", "product": world.company.telephony.pk, "subject": OURS,
            "priority": "2", "body": "Words.", "colleagues": "", "version": BEGUN,
        },
    ),
    "priorities": Visit(get=200, asks={"environment": "production"}),
    "ticket": hers(get=200),
    "ticket_changes": hers(get=200),
    "follow_up": hers(post=302, sends=lambda _: {"body": OURS, "key": KEY, "version": BEGUN}),
    "closure": hers(post=302),
    "reopening": hers("resolved", post=302),
    "rating": hers("resolved", post=302, sends=lambda _: {"opinion": "good", "comment": OURS}),
    "impact": hers("minor", post=302, sends=lambda _: {"priority": "1", "text": OURS}),
    "disagreement": Visit(
        lambda world: [world.change.ticket_id, world.change.pk], lambda _: {"text": OURS}, post=302, who=HERS
    ),
    "followers": hers(post=302, sends=lambda _: {"colleagues": "carla@access.test"}),
    "follower_removal": hers("other", post=302, more=lambda world: [world.company.andrea.pk]),
    # the desk
    "queue": Visit(get=200),
    "desk_queue": Visit(lambda _: ["all"], get=200),
    "desk_rows": Visit(lambda _: ["all"], get=200),
    "desk_narrowing": Visit(lambda _: ["all"], get=200),
    "desk_assignments": Visit(
        post=302, sends=lambda world: {"tickets": [world.open.pk, world.theirs.pk], "to": world.company.grace.pk}
    ),
    "desk_filters": Visit(post=302, sends=lambda _: {"name": "Mine", "view": "all"}),
    "desk_filter": Visit(lambda world: [world.filter.pk], get=302, who=frozenset({"agent"})),
    "desk_filter_removal": Visit(lambda world: [world.filter.pk], post=302, who=frozenset({"agent"})),
    "desk_alarms": Visit(get=200),
    "desk_mail": Visit(lambda world: [world.mail.pk], get=200),
    "desk_search": Visit(get=200, asks={"q": OURS}),
    "desk_callers": Visit(get=200, asks={"who": "anna"}),
    "desk_new_ticket": Visit(
        lambda world: [world.company.anna.pk], get=200, post=302,
        sends=lambda _: {
            "key": KEY, "environment": "production", "product": "", "subject": OURS, "priority": "2", "body": "Words.",
            "answer": "", "version": BEGUN,
        },
    ),
    "desk_oncall": Visit(get=200),
    "desk_oncall_now": Visit(get=200),
    "desk_covers": Visit(
        lambda world: [world.rota.pk], post=302,
        sends=lambda world: {"person": world.company.ada.pk, "from": "2026-11-21T09:00", "until": "2026-11-21T10:00"},
    ),
    "desk_taking_over": Visit(lambda world: [world.rota.pk], post=422, sends=lambda _: {"turn": "nonsense"}),
    "desk_swaps": Visit(lambda world: [world.rota.pk], post=422, sends=lambda _: {"one": "no", "other": "sense"}),
    "desk_cover_withdrawal": Visit(lambda world: [world.cover.pk], post=302),
    "desk_away": Visit(post=302, sends=lambda _: {"from": "2026-11-23T09:00", "until": "2026-11-24T09:00"}),
    "desk_coming_back": Visit(
        lambda world: [world.off.pk], post=302, who=frozenset({"agent", "manager", "administrator"})
    ),
    "desk_contacts": Visit(post=302, sends=lambda _: {"channel": "email", "address": "me@home.test"}),
    "desk_contact_proof": Visit(
        lambda world: [world.contact.pk], post=422, sends=lambda _: {"code": "000000"}, who=frozenset({"agent"})
    ),
    "desk_contact_code": Visit(lambda world: [world.contact.pk], post=302, who=frozenset({"agent"})),
    "desk_contact_removal": Visit(lambda world: [world.contact.pk], post=302, who=frozenset({"agent"})),
    "desk_new_calendar": Visit(post=302),
    "desk_acknowledgement": Visit(lambda world: [world.paging.pk], post=302),
    "desk_replies": Visit(get=200),
    "desk_new_reply": Visit(get=200, post=302, sends=lambda _: {"title": "Greeting", "body": "Hello."}),
    "desk_reply": Visit(
        lambda world: [world.reply.pk], get=200, post=302, sends=lambda _: {"title": "Greeting", "body": "Hello."}
    ),
    "desk_reply_retirement": Visit(lambda world: [world.reply.pk], post=302),
    "desk_ticket": on("open", get=200),
    "desk_changes": on("open", get=200),
    "desk_next_ticket": on("open", get=302),
    "desk_evidence": on("open", get=200),
    "desk_presence": on("open", post=204),
    "desk_absence": on("open", post=204),
    "desk_mentions": deed(),
    "desk_answer": deed(body="Do that.", key=KEY, version=BEGUN),
    "desk_note": deed(body="Between us.", key=KEY, version=BEGUN),
    "desk_draft_continuation": deed("merged"),
    "desk_insertion": deed(post=200, reply=lambda world: world.reply.pk),
    "desk_filled_reply": Visit(lambda world: [world.open.pk, world.reply.pk], get=200),
    "desk_assignment": deed(to=lambda world: world.company.grace.pk),
    "desk_followers": deed(person="me"),
    "desk_follower_removal": Visit(lambda world: [world.other.pk, world.company.andrea.pk], post=302),
    "desk_waiting": deed("resolved"),
    "desk_continuation": deed("waiting"),
    "desk_resolution": deed("waiting"),
    "desk_reopening": deed("resolved"),
    "desk_cancellation": deed(because="spam", text="Spam."),
    "desk_restoration": deed("cancelled"),
    "desk_merge": deed(into=lambda world: world.other.pk),
    "desk_separation": deed("merged"),
    "desk_split": Visit(
        lambda world: [world.open.pk, world.split_off.pk], lambda _: {"subject": "Another thing"}, post=302
    ),
    "desk_reclassification": Visit(
        lambda world: [world.other.pk], lambda _: {"was": "1", "to": "3", "because": "how_to", "text": "A question."},
        get=200, post=302,
    ),
    # decisions of managers
    "desk_confirmation": Visit(lambda world: [world.lowering.ticket_id, world.lowering.pk], post=302),
    "desk_refusal": Visit(lambda world: [world.lowering.ticket_id, world.lowering.pk], post=302),
    "desk_upholding": Visit(
        lambda world: [world.disagreement.ticket_id, world.disagreement.pk], lambda _: {"text": "Yes."}, post=302
    ),
    "desk_overruling": Visit(
        lambda world: [world.disagreement.ticket_id, world.disagreement.pk], lambda _: {"text": "No."}, post=302
    ),
    "desk_acceptance": Visit(
        lambda world: [world.report.ticket_id, world.report.pk], lambda _: {"text": "Yes."}, post=302
    ),
    "desk_turning_down": Visit(
        lambda world: [world.report.ticket_id, world.report.pk], lambda _: {"text": "No."}, post=302
    ),
    "office_promises": Visit(get=200),
    "office_rotas": Visit(get=200),
    "office_new_rota": Visit(get=200, post=302, sends=lambda world: fields(world.company, name="Second line")),
    "office_rota": Visit(
        lambda world: [world.rota.pk], get=200, post=302, sends=lambda world: fields(world.company, name="First line")
    ),
    "office_rota_retirement": Visit(lambda world: [world.rota.pk], post=302),
    "office_new_chain": Visit(get=200, post=302, sends=lambda world: steps(world.company, world.rota, name="Second", plans=["advanced"])),
    "office_chain": Visit(
        lambda world: [world.chain.pk], get=200, post=302, sends=lambda world: steps(world.company, world.rota)
    ),
    "office_chain_retirement": Visit(lambda world: [world.chain.pk], post=302),
    # the office
    "office": Visit(get=200),
    "office_set_up": Visit(get=200),
    "office_set_up_end": Visit(post=302),
    "office_settings": Visit(
        get=200, post=302, sends=lambda _: {"name": "The desk", "language": "it", "zone_name": "Europe/Rome"}
    ),
    "office_mail_test": Visit(post=302),
    "office_agreement": Visit(get=200),
    "office_version": Visit(lambda _: [1], get=200),
    "office_renewing": Visit(lambda _: [1], post=302),
    "office_draft": Visit(get=200, post=302, sends=lambda _: {"source": NEXT}),
    "office_draft_findings": Visit(post=200, sends=lambda _: {"source": NEXT}),
    "office_draft_discarding": Visit(post=302),
    "office_draft_preview": Visit(get=200),
    "office_draft_differences": Visit(get=200),
    "office_draft_consequences": Visit(get=200),
    "office_draft_publication": Visit(
        get=200, post=302, sends=lambda _: {"effective": "2026-12-01T09:00", "sure": "on"}
    ),
    "office_organisations": Visit(get=200),
    "office_new_organisation": Visit(get=200, post=302, sends=lambda _: {"name": "Contoso"}),
    "office_organisation": Visit(
        lambda world: [world.company.basic.pk], get=200, post=302,
        sends=lambda _: {"plan": "professional", "starts": "2026-12-01T00:00", "ends": ""},
    ),
    "office_organisation_name": Visit(
        lambda world: [world.company.basic.pk], post=302, sends=lambda _: {"name": "Litware Ltd"}
    ),
    "office_contract_end": Visit(
        lambda world: [world.contract.pk], post=302, sends=lambda _: {"ends": "2026-12-31T00:00"}
    ),
    "office_people": Visit(get=200),
    "office_person": Visit(lambda world: [world.company.bruno.pk], get=200),
    "office_invitations": Visit(post=302, sends=lambda _: {"address": "new@puntuale.test", "role": "agent"}),
    "office_withdrawal": Visit(lambda world: [world.colleague.pk], post=302),
    "office_person_role": Visit(
        lambda world: [world.company.bruno.pk], post=302, sends=lambda _: {"role": "organisation_admin"}
    ),
    "office_person_leaving": Visit(lambda world: [world.company.bruno.pk], post=302),
    "office_person_return": Visit(lambda world: [world.left.pk], post=302),
    "office_person_data": Visit(lambda world: [world.company.bruno.pk], post=200),
    "office_person_erasure": Visit(
        lambda world: [world.company.bruno.pk], post=302, sends=lambda world: {"email": world.company.bruno.email}
    ),
    "office_holidays": Visit(get=200),
    "office_holiday": Visit(lambda _: ["target"], get=200, post=302, sends=lambda _: {"up_to": "2041"}),
    "guarantee_badge": Visit(get=200),
    "guarantee_hours": Visit(get=200),
    "promises_calendar": Visit(lambda world: [world.promises_feed], get=200),
    "incoming_hook": Visit(lambda world: [world.hook_secret], post=201, sends=lambda _: {"subject": "Disk full"}),
    "office_connectors": Visit(get=200),
    "office_new_hook": Visit(
        get=200, post=200,
        sends=lambda world: {
            "name": "New", "kind": "monitoring", "person": world.company.anna.email, "priority": "1",
            "environment": "production", "product": world.company.telephony.pk,
        },
    ),
    "office_hook": Visit(lambda world: [world.hook.pk], get=200),
    "office_hook_retirement": Visit(lambda world: [world.hook.pk], post=302),
    "office_numbers": Visit(post=302, sends=lambda world: {"number": "+39 02 123456", "person": world.company.anna.email}),
    "office_number_removal": Visit(lambda world: [world.number.pk], post=302),
    "office_webhooks": Visit(get=200),
    "office_new_webhook": Visit(
        get=200, post=200, sends=lambda _: {"name": "New", "url": "https://new.test/", "all": "on"}
    ),
    "office_webhook": Visit(
        lambda world: [world.webhook.pk], get=200, post=302,
        sends=lambda _: {"name": "Hook", "url": "https://other.test/", "types": ["ticket.answered"]},
    ),
    "office_webhook_secret": Visit(lambda world: [world.webhook.pk], post=200),
    "office_webhook_pause": Visit(lambda world: [world.webhook.pk], post=302),
    "office_webhook_resumption": Visit(lambda world: [world.webhook.pk], post=302),
    "office_webhook_retirement": Visit(lambda world: [world.webhook.pk], post=302),
    "office_webhook_ping": Visit(lambda world: [world.webhook.pk], post=302),
    "office_webhook_replay": Visit(lambda world: [world.webhook.pk], post=302),
    "office_products": Visit(get=200),
    "office_new_product": Visit(get=200, post=302, sends=lambda _: {"name": "New", "stage": "released"}),
    "office_product": Visit(
        lambda world: [world.company.telephony.pk], get=200, post=302,
        sends=lambda _: {"name": "Telephony", "stage": "beta"},
    ),
    "office_product_retirement": Visit(lambda world: [world.company.telephony.pk], post=302),
    "office_product_return": Visit(lambda world: [world.retired.pk], post=302),
    "office_texts": Visit(get=200),
    "office_text": Visit(lambda _: ["how_to", "en"], get=200, post=302, sends=lambda _: {"text": "It is a question."}),
    "office_audit": Visit(get=200),
    "office_audit_export": Visit(post=200),
    "office_what_if": Visit(get=200, post=302, sends=lambda _: {"what": "in_force", "people": "on", "target": "99", "growth": "1"}),
    "office_trial": Visit(lambda world: [world.trial.pk], get=200),
    "office_trial_progress": Visit(lambda world: [world.trial.pk], get=200),
    "office_trial_cancelling": Visit(lambda world: [world.trial.pk], post=302),
    "office_trial_again": Visit(lambda world: [world.failed_trial.pk], post=302),
    "office_reports": Visit(get=200),
    "office_report_workload": Visit(get=200),
    "office_report_fairness": Visit(get=200),
    "office_report_tickets": Visit(get=200),
    "office_report_mail": Visit(post=302, sends=lambda _: {"every": "week"}),
    "office_attainment_publication": Visit(post=302, sends=lambda _: {"published": "yes"}),
    "office_report_export": Visit(lambda _: ["json"], get=200),
    "office_tokens": Visit(get=200),
    "office_token_revocation": Visit(lambda world: [world.token.pk], post=302),
    "office_mail": Visit(get=200),
    "office_mailbox_trial": Visit(post=302),
    "office_mail_opening": Visit(
        lambda world: [world.mail.pk], lambda _: {"address": "anna@northwind.test"}, post=302
    ),
    "office_mail_attachment": Visit(lambda world: [world.mail.pk], lambda world: {"ticket": world.open.pk}, post=302),
    "office_mail_dismissal": Visit(lambda world: [world.mail.pk], lambda _: {"because": "spam"}, post=302),
    "office_mail_second_look": Visit(lambda world: [world.mail.pk], post=302),
    "office_joining": Visit(get=200),
    "office_sign_up_review": Visit(lambda world: [world.sign_up.pk], post=302),
    "office_domains": Visit(get=200),
    "office_domain_rules": Visit(post=302, sends=lambda _: {"domain": "no.test", "is_company": "no", "because": "x"}),
    "office_domain_rule_removal": Visit(lambda world: [world.rule.pk], post=302),
    "office_domain_gifts": Visit(
        post=302, sends=lambda world: {"domain": "litware.test", "organisation": world.company.basic.pk}
    ),
    "office_domain_gift_removal": Visit(lambda world: [world.gift.pk], post=302),
    # coming in
    "repair_login": Visit(get=302),
    "guarantee_versions": Visit(get=200),
    "guarantee_version": Visit(lambda _: [1], get=200),
    "account_login": Visit(get=200, post=200, signed_in=302),
    "account_logout": Visit(post=302),
    "account_request_login_code": Visit(get=200, post=200, signed_in=302),
    "account_confirm_login_code": Visit(get=302, post=302),
    "account_inactive": Visit(get=200),
    "mfa_authenticate": Visit(get=302, post=302),
    "mfa_login_webauthn": Visit(get=302, post=302),
    "sign_on": Visit(get=200, post=422, signed_in=302),
    "openid_connect_login": Visit(lambda _: ["nobodys"], get=302),
    "openid_connect_callback": Visit(lambda _: ["nobodys"], get=404),
    "socialaccount_login_error": Visit(get=403),
    "socialaccount_login_cancelled": Visit(get=403),
    "account_signup": Visit(get=200, post=422, signed_in=302),
    "sign_up_check": Visit(post=200, sends=lambda _: {"email": "x@northwind.test"}),
    "sign_up_code": Visit(get=302, post=302),
    "sign_up_person": Visit(get=302, post=302),
    "account_reset_password": Visit(get=200, post=200),
    "account_reset_password_done": Visit(get=200),
    "account_reset_password_from_key_done": Visit(get=200),
    "account_reset_password_from_key": Visit(lambda _: ["1", "nonsense"], get=200, post=200),
    "invitation": Visit(lambda world: [world.invited_by], get=200, post=422),
    # one's own security
    "about_me": Visit(post=200),
    "security": Visit(get=200),
    "mfa_index": Visit(get=200),
    "usersessions_list": Visit(get=200, post=302),
    "tokens": Visit(get=200),
    "new_token": Visit(get=302, post=302),
    "token_revocation": Visit(lambda world: [world.token.pk], post=302, who=frozenset({"requester"})),
    "sign_in_again": Visit(get=200, post=302),
    "account_reauthenticate": Visit(get=200, post=200),
    "mfa_reauthenticate": Visit(get=302, post=302),
    "mfa_reauthenticate_webauthn": Visit(get=302, post=302),
    "account_change_password": Visit(get=200, post=200),
    "account_set_password": Visit(get=302, post=302),
    "mfa_activate_totp": Visit(get=302, post=302),
    "mfa_deactivate_totp": Visit(get=404, post=404),
    "mfa_view_recovery_codes": Visit(get=404),
    "mfa_generate_recovery_codes": Visit(get=302, post=302),
    "mfa_download_recovery_codes": Visit(get=404),
    "mfa_list_webauthn": Visit(get=200),
    "mfa_add_webauthn": Visit(get=302, post=302),
    "mfa_edit_webauthn": Visit(lambda _: [1], get=302, post=302),
    "mfa_remove_webauthn": Visit(lambda _: [1], get=302, post=302),
    # those who look after an organisation
    "organisation_people": Visit(lambda world: [world.company.advanced.pk], get=200, who=TENDING),
    "organisation_part": Visit(
        lambda world: [world.company.advanced.pk, world.company.anna.pk], lambda _: {"role": "organisation_admin"},
        get=200, post=302, who=TENDING,
    ),
    "organisation_removal": Visit(
        lambda world: [world.company.advanced.pk, world.company.anna.pk], get=200, post=302, who=TENDING
    ),
    "organisation_hand_over": Visit(
        lambda world: [world.company.advanced.pk], lambda world: {"to": world.company.anna.pk},
        get=200, post=302, who=frozenset({"their administrator"}),
    ),
    "organisation_invitations": Visit(
        lambda world: [world.company.advanced.pk], lambda _: {"address": "new@northwind.test", "role": "customer"},
        post=302, who=TENDING,
    ),
    "organisation_withdrawal": Visit(
        lambda world: [world.company.advanced.pk, world.invitation.pk], post=302, who=TENDING
    ),
    "join_approval": Visit(lambda world: [world.company.advanced.pk, world.join.pk], post=302, who=TENDING),
    "join_refusal": Visit(lambda world: [world.company.advanced.pk, world.join.pk], post=302, who=TENDING),
    "organisation_sign_on": Visit(lambda world: [world.company.advanced.pk], get=200, post=422, who=TENDING),
    "organisation_sign_on_retirement": Visit(
        lambda world: [world.company.advanced.pk, world.provider.pk], post=302, who=TENDING
    ),
    "admin:index": Visit(get=200),
}  # fmt: skip


def go(client, name, visit, world, method):
    with override("en"):
        address = reverse(name, args=visit.of(world))
    if method == "get":
        return client.get(address, visit.asks)
    return client.post(address, visit.sends(world))
