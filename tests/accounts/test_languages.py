"""Every page of this door in every language, under an address in that language."""

import pytest
from django.urls import resolve, reverse
from django.utils.translation import override

from puntuale.wording.languages import LANGUAGES

OUTSIDE = (
    "login",
    "account_request_login_code",
    "sign_on",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
)
INSIDE = (
    "security",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "usersessions_list",
    "account_change_password",
    "sign_in_again",
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_there_in_every_language(client, company, now, language):
    def opens(name, *args):
        with override(language):
            address = reverse(name, args=args)
            assert resolve(address).func == resolve(reverse(name, args=args)).func
        response = client.get(address)
        assert response.status_code == 200, (name, address, response.headers.get("Location"))
        assert f'lang="{language}"' in response.content.decode()

    for name in OUTSIDE:
        opens(name)
    client.post("/en/sign-in/", {"username": "andrea@northwind.test", "password": "a long enough secret"})
    for name in INSIDE:
        opens(name)
    opens("organisation_people", company.advanced.pk)
    opens("organisation_sign_on", company.advanced.pk)
