"""The field matrix: which columns of which tables each form writes; `+` adds rows, `-` takes rows away."""

WRITES = {
    "office_mail_attachment": {
        "mail_incoming": "because outcome person_id problem proof received_at sender settled_at settled_by_id subject text ticket_id try_at",
        "mail_mailedmessage": "+",
        "people_auditentry": "+",
        "tickets_event": "+",
        "tickets_message": "+",
        "tickets_ticket": "last_digest last_event last_event_at",
        "tickets_ticketwords": "characters whole",
    },
    "office_mail_dismissal": {
        "mail_incoming": "because outcome settled_at settled_by_id try_at",
        "people_auditentry": "+",
    },
    "office_mail_opening": {
        "mail_incoming": "because outcome person_id problem proof received_at sender settled_at settled_by_id subject text ticket_id try_at",
        "mail_mailedmessage": "+",
        "people_auditentry": "+",
        "sending_intent": "+",
        "tickets_event": "+",
        "tickets_message": "+",
        "tickets_promisemade": "+",
        "tickets_ticket": "+ answered_at due_at due_metric last_digest last_event last_event_at phase phase_since plan priority",
        "tickets_ticketwords": "+",
        "watch_watched": "+",
    },
    "office_mail_second_look": {
        "mail_incoming": "attempts because outcome problem settled_at try_at",
        "people_auditentry": "+",
    },
    "about_me": {
        "people_auditentry": "+",
    },
    "closure": {
        "oncall_paging": "ended_at next_at",
        "sending_intent": "cancelled_at cancelled_because try_at",
        "tickets_cancellation": "+",
        "tickets_event": "+",
        "tickets_promiseending": "+",
        "tickets_ticket": "answered_at due_at due_metric last_digest last_event last_event_at phase phase_since plan priority",
        "watch_watched": "-",
    },
    "desk_absence": {
        "tickets_presence": "-",
    },
    "desk_acceptance": {
        "oncall_paging": "+",
        "sending_intent": "+",
        "tickets_event": "+",
        "tickets_impactreport": "answer decided_at decided_by_id raised",
        "tickets_promiseending": "+",
        "tickets_promisemade": "+",
        "tickets_reclassification": "+",
        "tickets_ticket": "answered_at due_at due_metric last_digest last_event last_event_at phase phase_since plan priority",
        "watch_watched": "+ -",
    },
    "desk_acknowledgement": {
        "oncall_acknowledgement": "+ lapsed_at",
        "oncall_paging": "exhausted_at next_at",
        "sending_intent": "cancelled_at cancelled_because try_at",
    },
    "desk_answer": {
        "oncall_paging": "ended_at next_at",
        "sending_intent": "+ cancelled_at cancelled_because try_at",
        "tickets_attachment": "draft_id",
        "tickets_draft": "-",
        "tickets_event": "+",
        "tickets_message": "+",
        "tickets_promiseending": "+",
        "tickets_ticket": "answered_at due_at due_metric last_digest last_event last_event_at phase phase_since plan priority",
        "tickets_ticketwords": "characters public whole",
        "watch_watched": "-",
    },
    "desk_assignment": {
        "sending_intent": "+",
        "tickets_event": "+",
        "tickets_ticket": "assignee_id last_digest last_event last_event_at",
    },
    "desk_assignments": {
        "sending_intent": "+",
        "tickets_event": "+",
        "tickets_ticket": "assignee_id last_digest last_event last_event_at",
    },
    "desk_away": {
        "oncall_timeoff": "+",
    },
    "desk_cancellation": {
        "oncall_paging": "ended_at next_at",
        "sending_intent": "+ cancelled_at cancelled_because try_at",
        "tickets_cancellation": "+",
        "tickets_event": "+",
        "tickets_promiseending": "+",
        "tickets_ticket": "answered_at due_at due_metric last_digest last_event last_event_at phase phase_since plan priority",
        "watch_watched": "-",
    },
    "desk_coming_back": {
        "oncall_timeoff": "withdrawn_at withdrawn_by_id",
    },
    "desk_confirmation": {
        "oncall_paging": "ended_at next_at",
        "sending_intent": "+ cancelled_at cancelled_because try_at",
        "tickets_event": "+",
        "tickets_lowering": "confirmed decided_at decided_by_id",
        "tickets_promiseending": "+",
        "tickets_promisemade": "+",
        "tickets_reclassification": "+",
        "tickets_ticket": "answered_at due_at due_metric last_digest last_event last_event_at phase phase_since plan priority",
        "watch_watched": "+ -",
    },
    "desk_contact_code": {
        "mail_bounce": "-",
        "oncall_contact": "code code_until wrong",
        "sending_intent": "+ -",
    },
    "desk_contact_proof": {
        "oncall_contact": "code verified_at wrong",
    },
    "desk_contact_removal": {
        "oncall_contact": "removed_at",
        "sending_intent": "cancelled_at cancelled_because try_at",
    },
    "desk_contacts": {
        "oncall_contact": "+ code code_until wrong",
        "sending_intent": "+",
    },
    "desk_continuation": {
        "tickets_event": "+",
        "tickets_ticket": "answered_at due_at due_metric last_digest last_event last_event_at phase phase_since plan priority",
    },
    "desk_cover_withdrawal": {
        "oncall_cover": "withdrawn_at withdrawn_by_id",
    },
    "desk_covers": {
        "oncall_cover": "+",
    },
    "desk_filter_removal": {
        "tickets_savedfilter": "-",
    },
    "desk_filters": {
        "tickets_savedfilter": "+",
    },
    "desk_follower_removal": {
        "tickets_event": "+",
        "tickets_follower": "-",
        "tickets_ticket": "last_digest last_event last_event_at",
    },
    "desk_followers": {
        "tickets_event": "+",
        "tickets_follower": "+",
        "tickets_ticket": "last_digest last_event last_event_at",
    },
    "desk_mentions": {
        "tickets_mention": "seen_at",
    },
    "desk_merge": {
        "oncall_paging": "ended_at next_at",
        "sending_intent": "+ cancelled_at cancelled_because try_at",
        "tickets_event": "+",
        "tickets_promiseending": "+",
        "tickets_ticket": "answered_at due_at due_metric last_digest last_event last_event_at merged_into_id phase phase_since plan priority",
        "watch_watched": "-",
    },
    "desk_new_calendar": {
        "oncall_feed": "+ number",
    },
    "desk_new_reply": {
        "tickets_savedreply": "+",
    },
    "desk_new_ticket": {
        "sending_intent": "+",
        "tickets_attachment": "draft_id",
        "tickets_draft": "-",
        "tickets_event": "+",
        "tickets_message": "+",
        "tickets_promisemade": "+",
        "tickets_ticket": "+ answered_at due_at due_metric last_digest last_event last_event_at phase phase_since plan priority",
        "tickets_ticketwords": "+",
        "watch_watched": "+",
    },
    "desk_note": {
        "tickets_attachment": "draft_id",
        "tickets_draft": "-",
        "tickets_event": "+",
        "tickets_message": "+",
        "tickets_ticket": "last_digest last_event last_event_at",
        "tickets_ticketwords": "characters whole",
    },
    "desk_overruling": {
        "sending_intent": "+",
        "tickets_disagreement": "answer decided_at decided_by_id upheld",
        "tickets_event": "+",
        "tickets_ticket": "last_digest last_event last_event_at",
    },
    "desk_presence": {
        "tickets_mention": "seen_at",
        "tickets_presence": "+",
    },
    "desk_reclassification": {
        "oncall_paging": "promise_id",
        "sending_intent": "+",
        "tickets_event": "+",
        "tickets_promiseending": "+",
        "tickets_promisemade": "+",
        "tickets_reclassification": "+",
        "tickets_ticket": "answered_at due_at due_metric last_digest last_event last_event_at phase phase_since plan priority",
        "watch_watched": "+ -",
    },
    "desk_refusal": {
        "tickets_event": "+",
        "tickets_lowering": "confirmed decided_at decided_by_id",
        "tickets_ticket": "last_digest last_event last_event_at",
    },
    "desk_reopening": {
        "tickets_event": "+",
        "tickets_ticket": "answered_at due_at due_metric last_digest last_event last_event_at phase phase_since plan priority",
    },
    "desk_reply": {
        "tickets_savedreply": "body language made_at made_by_id retired_at takes then title",
    },
    "desk_reply_retirement": {
        "tickets_savedreply": "retired_at",
    },
    "desk_resolution": {
        "sending_intent": "+",
        "tickets_event": "+",
        "tickets_ticket": "answered_at due_at due_metric last_digest last_event last_event_at phase phase_since plan priority",
    },
    "desk_restoration": {
        "oncall_paging": "+",
        "tickets_event": "+",
        "tickets_promisemade": "+",
        "tickets_ticket": "answered_at due_at due_metric last_digest last_event last_event_at phase phase_since plan priority",
        "watch_watched": "+",
    },
    "desk_separation": {
        "oncall_paging": "+",
        "sending_intent": "+",
        "tickets_event": "+",
        "tickets_follower": "-",
        "tickets_promisemade": "+",
        "tickets_ticket": "answered_at due_at due_metric last_digest last_event last_event_at merged_into_id phase phase_since plan priority",
        "watch_watched": "+",
    },
    "desk_split": {
        "oncall_paging": "+",
        "sending_intent": "+",
        "tickets_event": "+",
        "tickets_link": "+",
        "tickets_message": "+",
        "tickets_promisemade": "+",
        "tickets_ticket": "+ answered_at due_at due_metric last_digest last_event last_event_at phase phase_since plan priority",
        "tickets_ticketwords": "+",
        "watch_watched": "+",
    },
    "desk_turning_down": {
        "sending_intent": "+",
        "tickets_event": "+",
        "tickets_impactreport": "answer decided_at decided_by_id raised",
        "tickets_ticket": "last_digest last_event last_event_at",
    },
    "desk_upholding": {
        "oncall_paging": "+",
        "sending_intent": "+",
        "tickets_disagreement": "answer decided_at decided_by_id upheld",
        "tickets_event": "+",
        "tickets_promiseending": "+",
        "tickets_promisemade": "+",
        "tickets_reclassification": "+",
        "tickets_ticket": "answered_at due_at due_metric last_digest last_event last_event_at phase phase_since plan priority",
        "watch_watched": "+ -",
    },
    "desk_waiting": {
        "tickets_event": "+",
        "tickets_ticket": "answered_at due_at due_metric last_digest last_event last_event_at phase phase_since plan priority",
    },
    "disagreement": {
        "tickets_disagreement": "+",
        "tickets_event": "+",
        "tickets_ticket": "last_digest last_event last_event_at",
    },
    "draft": {
        "tickets_attachment": "draft_id",
        "tickets_draft": "+",
    },
    "follow_up": {
        "tickets_attachment": "draft_id",
        "tickets_draft": "-",
        "tickets_event": "+",
        "tickets_message": "+",
        "tickets_ticket": "answered_at due_at due_metric last_digest last_event last_event_at phase phase_since plan priority",
        "tickets_ticketwords": "characters public whole",
    },
    "follower_removal": {
        "tickets_event": "+",
        "tickets_follower": "-",
        "tickets_ticket": "last_digest last_event last_event_at",
    },
    "followers": {
        "tickets_event": "+",
        "tickets_follower": "+",
        "tickets_ticket": "last_digest last_event last_event_at",
    },
    "impact": {
        "oncall_paging": "+",
        "tickets_event": "+",
        "tickets_impactreport": "+ answer decided_at decided_by_id raised",
        "tickets_promiseending": "+",
        "tickets_promisemade": "+",
        "tickets_reclassification": "+",
        "tickets_ticket": "answered_at due_at due_metric last_digest last_event last_event_at phase phase_since plan priority",
        "watch_watched": "+ -",
    },
    "join_approval": {
        "people_auditentry": "+",
        "people_joinrequest": "decided_at decided_by_id password person_id",
        "people_person": "+ password",
    },
    "join_refusal": {
        "people_auditentry": "+",
        "people_joinrequest": "decided_at decided_by_id password person_id",
    },
    "login": {
        "people_auditentry": "+",
    },
    "new_ticket": {
        "sending_intent": "+",
        "tickets_attachment": "draft_id",
        "tickets_draft": "-",
        "tickets_event": "+",
        "tickets_message": "+",
        "tickets_promisemade": "+",
        "tickets_ticket": "+ answered_at due_at due_metric last_digest last_event last_event_at phase phase_since plan priority",
        "tickets_ticketwords": "+",
        "watch_watched": "+",
    },
    "office_chain": {
        "oncall_chain": "answer_within made_at name plans retired_at rounds shaped_at shaped_by_id",
        "oncall_step": "+ -",
        "oncall_target": "+ -",
    },
    "office_chain_retirement": {
        "oncall_chain": "retired_at",
    },
    "office_audit_export": {
        "people_auditentry": "+",
    },
    "office_contract_end": {
        "agreements_contract": "ends_at",
        "people_auditentry": "+",
    },
    "office_domain_gift_removal": {
        "people_auditentry": "+",
        "people_organisationdomain": "-",
    },
    "office_domain_gifts": {
        "people_auditentry": "+",
        "people_organisationdomain": "+",
    },
    "office_domain_rule_removal": {
        "people_auditentry": "+",
        "people_domainrule": "-",
    },
    "office_domain_rules": {
        "people_auditentry": "+",
        "people_domainrule": "+",
    },
    "office_draft": {
        "agreements_agreementdraft": "based_on person_id saved_at source",
    },
    "office_draft_discarding": {
        "agreements_agreementdraft": "-",
    },
    "office_draft_publication": {
        "agreements_agreementdraft": "-",
        "agreements_publication": "+",
        "people_auditentry": "+",
    },
    "office_holiday": {
        "agreements_agreementdraft": "based_on person_id saved_at source",
        "people_auditentry": "+",
    },
    "office_invitations": {
        "people_auditentry": "+",
        "people_invitation": "+ expires_at",
    },
    "office_mail_test": {
        "people_auditentry": "+",
    },
    "office_new_chain": {
        "oncall_chain": "+",
        "oncall_step": "+",
        "oncall_target": "+",
    },
    "office_new_organisation": {
        "people_auditentry": "+",
        "people_organisation": "+",
    },
    "office_new_product": {
        "agreements_product": "+",
        "people_auditentry": "+",
    },
    "office_new_rota": {
        "oncall_layer": "+",
        "oncall_place": "+",
        "oncall_rota": "+",
    },
    "office_organisation": {
        "agreements_contract": "+ ends_at",
        "people_auditentry": "+",
    },
    "office_attainment_publication": {
        "agreements_desksettings": "+",
        "people_auditentry": "+",
    },
    "office_report_mail": {
        "reports_subscription": "+",
    },
    "organisation_report_mail": {
        "reports_subscription": "+",
    },
    "office_organisation_name": {
        "people_auditentry": "+",
        "people_organisation": "joined_at name",
    },
    "office_person_data": {
        "people_auditentry": "+",
    },
    "office_person_erasure": {
        "DELETE FROM procrastinate_jobs WHERE args ->> 'address' = %s": "?",
        "django_admin_log": "-",
        "mail_bounce": "said",
        "mfa_authenticator": "-",
        "oncall_contact": "-",
        "oncall_feed": "-",
        "people_auditentry": "+",
        "people_invitation": "-",
        "people_joinrequest": "-",
        "people_person": "calendar_number credentials_from email joined_at language last_login left_at name organisation_id password quiet_from quiet_until role uses_keys zone_name",
        "people_signup": "-",
        "people_token": "revoked_at revoked_by_id",
        "sending_intent": "address cancelled_at cancelled_because problem try_at",
        "tickets_attachment": "- draft_id name",
        "tickets_cancellation": "text",
        "tickets_disagreement": "answer text",
        "tickets_draft": "-",
        "tickets_impactreport": "answer text",
        "tickets_lowering": "text",
        "tickets_message": "body",
        "tickets_presence": "-",
        "tickets_rating": "comment",
        "tickets_reclassification": "text",
        "tickets_savedfilter": "-",
        "tickets_ticket": "subject",
        "tickets_ticketwords": "+ -",
        "usersessions_usersession": "-",
        "webhooks_phonenumber": "-",
        "reports_mailedreport": "-",
        "reports_subscription": "-",
    },
    "office_person_leaving": {
        "mfa_authenticator": "-",
        "people_auditentry": "+",
        "people_person": "credentials_from left_at",
        "people_token": "revoked_at revoked_by_id",
        "usersessions_usersession": "-",
    },
    "office_person_return": {
        "people_auditentry": "+",
        "people_person": "left_at",
    },
    "office_person_role": {
        "people_auditentry": "+",
        "people_person": "role",
    },
    "office_product": {
        "agreements_product": "added_at name retired_at stage",
        "people_auditentry": "+",
    },
    "office_product_retirement": {
        "agreements_product": "retired_at",
        "people_auditentry": "+",
    },
    "office_product_return": {
        "agreements_product": "retired_at",
        "people_auditentry": "+",
    },
    "office_new_hook": {
        "people_auditentry": "+",
        "webhooks_incominghook": "+",
    },
    "office_hook_retirement": {
        "people_auditentry": "+",
        "webhooks_incominghook": "retired_at",
    },
    "office_numbers": {
        "people_auditentry": "+",
        "webhooks_phonenumber": "+",
    },
    "office_number_removal": {
        "people_auditentry": "+",
        "webhooks_phonenumber": "-",
    },
    "incoming_hook": {
        "sending_intent": "+",
        "tickets_event": "+",
        "tickets_message": "+",
        "tickets_promisemade": "+",
        "tickets_ticket": "+ answered_at due_at due_metric last_digest last_event last_event_at phase phase_since plan priority",
        "tickets_ticketwords": "+",
        "watch_watched": "+",
        "webhooks_incomingcall": "+",
    },
    "office_new_webhook": {
        "people_auditentry": "+",
        "webhooks_endpoint": "+",
    },
    "office_webhook": {
        "people_auditentry": "+",
        "webhooks_endpoint": "made_by_id name sealed_secret types url",
    },
    "office_webhook_pause": {
        "people_auditentry": "+",
        "webhooks_endpoint": "disabled_at disabled_because",
    },
    "office_webhook_ping": {
        "webhooks_delivery": "+",
        "webhooks_endpoint": "try_at",
    },
    "office_webhook_replay": {
        "webhooks_delivery": "attempts given_up_at sent_at",
        "webhooks_endpoint": "try_at",
    },
    "office_webhook_resumption": {
        "webhooks_endpoint": "disabled_at disabled_because failing_since tried try_at",
    },
    "office_webhook_retirement": {
        "people_auditentry": "+",
        "webhooks_endpoint": "retired_at sealed_former_secret sealed_secret",
    },
    "office_webhook_secret": {
        "people_auditentry": "+",
        "webhooks_endpoint": "former_until sealed_former_secret sealed_secret",
    },
    "office_renewing": {
        "people_auditentry": "+",
    },
    "office_what_if": {
        "whatif_trial": "+",
    },
    "office_trial_cancelling": {
        "whatif_trial": "cancelled_at cancelled_by_id",
    },
    "office_trial_again": {
        "whatif_trial": "begun_at failed_at progress tries",
    },
    "office_rota": {
        "oncall_layer": "+ -",
        "oncall_place": "+ -",
        "oncall_rota": "made_at name retired_at shaped_at shaped_by_id",
    },
    "office_set_up_end": {
        "agreements_desksettings": "+",
        "people_auditentry": "+",
    },
    "office_settings": {
        "agreements_desksettings": "+",
        "people_auditentry": "+",
    },
    "office_sign_up_review": {
        "people_auditentry": "+",
        "people_signup": "reviewed_at reviewed_by_id",
    },
    "office_text": {
        "people_auditentry": "+",
        "tickets_suggestedtext": "+",
    },
    "office_withdrawal": {
        "people_auditentry": "+",
        "people_invitation": "expires_at",
    },
    "organisation_invitations": {
        "people_auditentry": "+",
        "people_invitation": "+ expires_at",
    },
    "organisation_part": {
        "people_auditentry": "+",
        "people_person": "role",
    },
    "organisation_removal": {
        "mfa_authenticator": "-",
        "people_auditentry": "+",
        "people_person": "credentials_from left_at",
        "people_token": "revoked_at revoked_by_id",
        "usersessions_usersession": "-",
    },
    "organisation_hand_over": {
        "people_auditentry": "+",
        "people_invitation": "expires_at",
        "people_person": "credentials_from role",
        "people_token": "revoked_at revoked_by_id",
        "usersessions_usersession": "-",
    },
    "organisation_sign_on_retirement": {
        "people_auditentry": "+",
        "people_identityprovider": "retired_at",
    },
    "organisation_withdrawal": {
        "people_auditentry": "+",
        "people_invitation": "expires_at",
    },
    "page_link": {
        "oncall_acknowledgement": "+ lapsed_at",
        "oncall_paging": "exhausted_at next_at",
        "sending_intent": "cancelled_at cancelled_because try_at",
    },
    "language": {
        "people_person": "language",
    },
    "new_calendar_address": {
        "people_person": "calendar_number",
    },
    "preferences": {
        "people_person": "language quiet_from quiet_until uses_keys zone_name",
    },
    "rating": {
        "tickets_event": "+",
        "tickets_rating": "+",
        "tickets_ticket": "last_digest last_event last_event_at",
    },
    "reopening": {
        "tickets_event": "+",
        "tickets_ticket": "answered_at due_at due_metric last_digest last_event last_event_at phase phase_since plan priority",
    },
    "upload": {
        "tickets_attachment": "+",
    },
    "usersessions_list": {
        "people_auditentry": "+",
    },
    "token_revocation": {
        "people_auditentry": "+",
        "people_token": "revoked_at revoked_by_id",
    },
    "office_token_revocation": {
        "people_auditentry": "+",
        "people_token": "revoked_at revoked_by_id",
    },
}
