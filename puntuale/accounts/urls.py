"""The routes of the door everybody comes through. Those of django-allauth keep the names it knows them by."""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path, re_path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from puntuale.accounts.views import about_me, invitation, organisation, security, sign_on, sign_up, tokens

leave = require_POST(account.logout)

coming_in = [
    path(_("sign-in/"), account.login, name="login"),
    path(_("sign-in/"), account.login, name="account_login"),
    path(_("sign-out/"), leave, name="logout"),
    path(_("sign-out/"), leave, name="account_logout"),
    path(_("sign-in/code/"), account.request_login_code, name="account_request_login_code"),
    path(_("sign-in/code/confirmation/"), account.confirm_login_code, name="account_confirm_login_code"),
    path(_("sign-in/second-factor/"), factors.authenticate, name="mfa_authenticate"),
    path(_("sign-in/passkey/"), passkeys.login_webauthn, name="mfa_login_webauthn"),
    path(_("sign-in/company/"), sign_on.company, name="sign_on"),
    path(_("sign-in/inactive/"), account.account_inactive, name="account_inactive"),
    path(_("sign-up/"), sign_up.begin, name="account_signup"),
    path(_("sign-up/address/"), sign_up.check, name="sign_up_check"),
    path(_("sign-up/code/"), sign_up.code, name="sign_up_code"),
    path(_("sign-up/person/"), sign_up.person, name="sign_up_person"),
    path("invitation/<str:secret>/", invitation.invitation, name="invitation"),
]

passwords = [
    path(_("password/"), account.password_change, name="account_change_password"),
    path(_("password/first/"), account.password_set, name="account_set_password"),
    path(_("password/forgotten/"), account.password_reset, name="account_reset_password"),
    path(_("password/forgotten/sent/"), account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(_("password/changed/"), account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
]

own_security = [
    path(_("about-me/"), about_me.about_me, name="about_me"),
    path(_("security/"), security.security, name="security"),
    path(_("security/"), security.security, name="mfa_index"),
    path(_("security/tokens/"), tokens.tokens, name="tokens"),
    path(_("security/tokens/new/"), tokens.new, name="new_token"),
    path(_("security/tokens/<int:key>/revocation/"), tokens.revocation, name="token_revocation"),
    path(_("security/sessions/"), security.sessions, name="usersessions_list"),
    path(_("security/again/"), account.reauthenticate, name="account_reauthenticate"),
    path(_("security/again/second-factor/"), factors.reauthenticate, name="mfa_reauthenticate"),
    path(_("security/again/passkey/"), security.ConfirmByPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path(_("security/again/sign-in/"), security.again, name="sign_in_again"),
    path(_("security/app/"), totp.activate_totp, name="mfa_activate_totp"),
    path(_("security/app/removal/"), totp.deactivate_totp, name="mfa_deactivate_totp"),
    path(_("security/codes/"), recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(_("security/codes/new/"), recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path(_("security/codes/file/"), recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path(_("security/passkeys/"), passkeys.list_webauthn, name="mfa_list_webauthn"),
    path(_("security/passkeys/new/"), security.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path(_("security/passkeys/<int:pk>/"), passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path(_("security/passkeys/<int:pk>/removal/"), passkeys.remove_webauthn, name="mfa_remove_webauthn"),
]

organisations = [
    path(_("organisations/<int:key>/people/"), organisation.people, name="organisation_people"),
    path(_("organisations/<int:key>/people/<int:person>/part/"), organisation.part, name="organisation_part"),
    path(_("organisations/<int:key>/people/<int:person>/removal/"), organisation.removal, name="organisation_removal"),
    path(_("organisations/<int:key>/people/hand-over/"), organisation.hand_over, name="organisation_hand_over"),
    path(_("organisations/<int:key>/invitations/"), organisation.invitations, name="organisation_invitations"),
    path(
        _("organisations/<int:key>/invitations/<int:invitation>/withdrawal/"),
        organisation.withdrawal,
        name="organisation_withdrawal",
    ),
    path(_("organisations/<int:key>/requests/<int:asked>/approval/"), organisation.approval, name="join_approval"),
    path(_("organisations/<int:key>/requests/<int:asked>/refusal/"), organisation.refusal, name="join_refusal"),
    path(_("organisations/<int:key>/single-sign-on/"), organisation.single_sign_on, name="organisation_sign_on"),
    path(
        _("organisations/<int:key>/single-sign-on/<int:provider>/retirement/"),
        organisation.retirement,
        name="organisation_sign_on_retirement",
    ),
]

urlpatterns = [*coming_in, *passwords, *own_security, *organisations]
