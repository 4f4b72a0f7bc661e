"""Who may go where: one row for every route, and the only place that says so.

A row tells who may enter at all. Which tickets she then finds is told by `tickets.reading.visible_to`; what is not hers
is not there, with the same answer as what does not exist.

What programs can do over the API is told by `OPERATIONS`, in the same way.
"""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from puntuale.people.models import Person, Role, Scope


class Who(Enum):
    """Who may enter."""

    ANYBODY = "anybody"
    HOLDERS = "whoever holds the secret of the link"
    PERSONS = "whoever is signed in"
    CUSTOMERS = "customers"
    ORGANISATION_ADMINS = "administrators of an organisation"
    TENDING = "administrators of an organisation, and managers"
    AGENTS = "whoever works for the vendor"
    MANAGERS = "managers and administrators"
    ADMINISTRATORS = "administrators"

    @property
    def is_open(self) -> bool:
        """Tell whether nobody has to sign in. What a link opens is told by its secret."""
        return self in {Who.ANYBODY, Who.HOLDERS}

    def admits(self, person: Person) -> bool:
        """Tell whether a person who is signed in may enter."""
        return self.is_open or (person.is_active and person.role in _ROLES[self])


_CUSTOMERS = frozenset({Role.CUSTOMER, Role.ORGANISATION_ADMIN})
_MANAGERS = frozenset({Role.MANAGER, Role.ADMINISTRATOR})
_ROLES = {
    Who.PERSONS: frozenset(Role),
    Who.CUSTOMERS: _CUSTOMERS,
    Who.ORGANISATION_ADMINS: frozenset({Role.ORGANISATION_ADMIN}),
    Who.TENDING: _MANAGERS | {Role.ORGANISATION_ADMIN},
    Who.AGENTS: _MANAGERS | {Role.AGENT},
    Who.MANAGERS: _MANAGERS,
    Who.ADMINISTRATORS: frozenset({Role.ADMINISTRATOR}),
}

_TABLE = {
    Who.ANYBODY: """
        home home_in_language repair_login
        guarantee guarantee_facts guarantee_versions guarantee_version guarantee_badge guarantee_hours
        login logout account_login account_logout account_request_login_code account_confirm_login_code account_inactive
        mfa_authenticate mfa_login_webauthn
        sign_on openid_connect_login openid_connect_callback socialaccount_login_error socialaccount_login_cancelled
        account_signup sign_up_check sign_up_code sign_up_person
        account_reset_password account_reset_password_done account_reset_password_from_key_done
    """,
    Who.HOLDERS: """
        welcome invitation account_reset_password_from_key oncall_calendar page_link api
        promises_calendar incoming_hook
    """,
    Who.PERSONS: """
        preferences language new_calendar_address upload file file_content preview draft about_me
        security mfa_index usersessions_list sign_in_again tokens new_token token_revocation
        account_reauthenticate mfa_reauthenticate mfa_reauthenticate_webauthn
        account_change_password account_set_password mfa_activate_totp mfa_deactivate_totp
        mfa_view_recovery_codes mfa_generate_recovery_codes mfa_download_recovery_codes
        mfa_list_webauthn mfa_add_webauthn mfa_edit_webauthn mfa_remove_webauthn
    """,
    Who.CUSTOMERS: """
        tickets find_tickets new_ticket priorities
        ticket ticket_changes follow_up closure reopening rating impact disagreement followers follower_removal
    """,
    Who.ORGANISATION_ADMINS: """
        organisation_tickets organisation_report organisation_report_mail organisation_hand_over
    """,
    Who.TENDING: """
        organisation_people organisation_part organisation_removal organisation_invitations organisation_withdrawal
        join_approval join_refusal organisation_sign_on organisation_sign_on_retirement
    """,
    Who.AGENTS: """
        queue desk_queue desk_rows desk_narrowing desk_assignments desk_filters desk_filter desk_filter_removal
        desk_alarms desk_mail desk_search desk_callers desk_new_ticket
        desk_oncall desk_oncall_now desk_covers desk_taking_over desk_swaps desk_cover_withdrawal desk_away
        desk_coming_back desk_contacts desk_contact_proof desk_contact_code desk_contact_removal desk_new_calendar
        desk_acknowledgement
        desk_replies desk_new_reply desk_reply desk_reply_retirement
        desk_ticket desk_changes desk_next_ticket desk_presence desk_absence desk_mentions
        desk_answer desk_note desk_draft_continuation desk_insertion desk_filled_reply
        desk_assignment desk_followers desk_follower_removal
        desk_waiting desk_continuation desk_resolution desk_reopening desk_cancellation desk_restoration
        desk_merge desk_separation desk_split desk_reclassification desk_refusal desk_acceptance desk_turning_down
    """,
    Who.MANAGERS: """
        desk_confirmation desk_upholding desk_overruling desk_evidence
        office_promises office_rotas office_new_rota office_rota office_rota_retirement
        office_new_chain office_chain office_chain_retirement
        office office_set_up office_set_up_end office_settings office_mail_test
        office_agreement office_version office_renewing office_draft office_draft_findings office_draft_discarding
        office_draft_preview office_draft_differences office_draft_consequences office_draft_publication
        office_organisations office_new_organisation office_organisation office_organisation_name office_contract_end
        office_people office_person office_person_role office_person_leaving office_person_return
        office_person_data office_person_erasure office_invitations office_withdrawal
        office_holidays office_holiday office_products office_new_product office_product office_product_retirement
        office_product_return office_texts office_text office_audit office_audit_export
        office_tokens office_token_revocation
        office_reports office_report_workload office_report_fairness office_report_tickets
        office_report_export office_report_mail office_attainment_publication
        office_what_if office_trial office_trial_progress office_trial_cancelling office_trial_again
        office_joining office_sign_up_review
        office_webhooks office_new_webhook office_webhook office_webhook_secret office_webhook_pause
        office_webhook_resumption office_webhook_retirement office_webhook_ping office_webhook_replay
        office_connectors office_new_hook office_hook office_hook_retirement office_numbers office_number_removal
        office_mail office_mailbox_trial office_mail_opening office_mail_attachment office_mail_dismissal
        office_mail_second_look
        office_domains office_domain_rules office_domain_rule_removal office_domain_gifts office_domain_gift_removal
        admin:*
    """,
}
ROUTES: Mapping[str, Who] = MappingProxyType({name: who for who, names in _TABLE.items() for name in names.split()})
"""Each route by its name. A name that ends in `:*` stands for all routes of a namespace."""


def who_may_enter(route: str) -> Who | None:
    """Return who may enter a route, or None for one that is in no row: nobody may."""
    namespace, colon, _ = route.partition(":")
    return ROUTES.get(f"{namespace}:*" if colon else route)


_OPERATIONS = {
    (Who.PERSONS, Scope.READ): """
        read_me quote read_agreement list_agreement_versions read_agreement_version list_products
        list_tickets read_ticket search_tickets list_messages list_events download_file
    """,
    (Who.PERSONS, Scope.WRITE): """
        submit_ticket write_message upload_file reopen_ticket follow_ticket unfollow_ticket
    """,
    (Who.CUSTOMERS, Scope.WRITE): """
        close_ticket rate_ticket report_impact disagree
    """,
    (Who.AGENTS, Scope.READ): """
        preview_reclassification list_claims read_on_call list_rotas list_turns list_people read_person
    """,
    (Who.AGENTS, Scope.WRITE): """
        write_note reclassify assign_ticket wait_for_customer go_on resolve_ticket cancel_ticket restore_ticket
        merge_ticket separate_ticket split_ticket decide_lowering decide_report
    """,
    (Who.MANAGERS, Scope.READ): """
        list_organisations read_organisation list_contracts read_attainment read_workload
        read_changed_priorities
    """,
    (Who.ORGANISATION_ADMINS, Scope.READ): """
        read_service_report
    """,
    (Who.MANAGERS, Scope.WRITE): """
        decide_disagreement
    """,
    (Who.MANAGERS, Scope.MANAGE): """
        found_organisation rename_organisation sign_contract end_contract
    """,
}
OPERATIONS: Mapping[str, tuple[Who, Scope]] = MappingProxyType(
    {name: row for row, names in _OPERATIONS.items() for name in names.split()}
)
"""Each operation of the API by its name: whose token may ask for it, and which scope the token needs.

The route `api` is open to whoever holds a token; an operation that is in no row cannot even be declared.
"""
