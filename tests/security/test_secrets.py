"""Every secret and every signed link of the product, and how it ends with whoever has it: no kind can be forgotten."""

import re
from pathlib import Path

from puntuale.privacy.data_map import SECRET

ROOM = Path(__file__).parents[2] / "puntuale"
MAKES = re.compile(
    r"\b(?:\w*Signer\(|salted_hmac\(|hmac\.new\(|token_urlsafe\(|token_bytes\(|token_hex\(|randbelow\(|get_random_string\("
    r"|signing\.dumps\(|make_token\(|PasswordResetTokenGenerator\)|seal\()"
)
BOUND = "bound to Person.credentials_from"
NO_DOOR = "opens nothing"
LEFT = "ends in people.revocation, or by what it tells its subscribers"

MADE_IN = {
    # Links that are only signed.
    "mail/threads.py": BOUND,
    "oncall/acknowledging.py": BOUND,
    "oncall/feeds.py": BOUND,
    "people/calendar_links.py": BOUND,
    "people/models/person.py": BOUND,
    "accounts/backend.py": BOUND,
    "looks/views/files.py": "for fifteen minutes, for one person who is signed in, and only what they may see then",
    # Secrets that are kept as rows.
    "people/joining.py": LEFT,
    "people/membership.py": LEFT,
    "people/tokens.py": LEFT,
    "people/sign_on.py": LEFT,
    "webhooks/endpoints.py": LEFT,
    "webhooks/incoming.py": "known to former managers: listed until it is replaced",
    "people/sign_up.py": "a code for minutes, for an address that has no account yet",
    "oncall/contacts.py": "a code for minutes, asked for by somebody who is signed in",
    "accounts/adapters.py": "second factors: gone with their person, passkeys when they leave",
    "accounts/devices.py": "a known browser gets tries of its own, and is let in by nothing",
    "people/sealing.py": "seals what is kept, and is no secret of a person",
    "conf/home.py": "the key of the whole desk",
    "conf/environment.py": NO_DOOR,
    "conf/worker.py": "seals the audit log",
    "people/audit.py": "seals the audit log",
    "moving/desk_import.py": "stands for secrets that an export leaves behind: known to nobody",
    "demo/stories/present.py": "what somebody wrote in the demo",
    # Names that nobody can guess, and marks of what was seen.
    "mail/incoming/keeping.py": NO_DOOR,
    "tickets/attachments.py": NO_DOOR,
    "tickets/models/attachment.py": "the key of a file: whoever asks for it must be allowed to see its ticket",
    "api/pages.py": "a place in a list, read only with a token that may list it",
    "portal/ticket_page.py": NO_DOOR,
}
"""By file where something secret or signed is made: how it ends when its person leaves or may do less."""

KEPT_IN = {
    "people.Person": "a password opens nothing for whoever left; sessions are bound to it and to credentials_from",
    "people.Invitation": LEFT,
    "people.SignUp": "a code for minutes",
    "people.JoinRequest": "the password of somebody who is not in yet; forgotten when it is decided",
    "people.Token": LEFT,
    "api.KeptAnswer": "what was answered to a token, for whoever shows that token",
    "people.IdentityProvider": LEFT,
    "webhooks.IncomingHook": "listed until it is replaced",
    "webhooks.Endpoint": LEFT,
    "account.EmailConfirmation": "not used",
    "mfa.Authenticator": LEFT,
    "socialaccount.SocialApp": "not used: servers are people.IdentityProvider",
    "socialaccount.SocialToken": "not kept",
    "usersessions.UserSession": LEFT,
    "sessions.Session": "bound to credentials_from, by the hash that is in it",
}
"""By table that keeps secrets: the same."""


def makers():
    return {
        str(file.relative_to(ROOM))
        for file in ROOM.rglob("*.py")
        if "migrations" not in file.parts and MAKES.search(re.sub(r'"""[\s\S]*?"""', "", file.read_text()))
    }


def test_sec_s25_every_place_that_makes_a_secret_or_a_signed_link_says_how_it_ends():
    assert makers() == set(MADE_IN), "say how it ends with its person, and test that in test_sec_leaving.py"


def test_sec_s25_every_table_that_keeps_a_secret_says_how_it_ends():
    assert set(KEPT_IN) == set(SECRET)


def test_sec_s25_what_is_said_to_be_bound_reads_what_it_is_bound_to():
    for name, how in MADE_IN.items():
        if how == BOUND:
            text = (ROOM / name).read_text()
            assert re.search("credentials_|get_session_auth_hash", text), name
