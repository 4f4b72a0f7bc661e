"""Secrets that must be read again, such as those of authenticator apps: encrypted before they are stored."""

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"puntuale: secrets at rest"


class SealBroken(ValueError):
    """A secret that was sealed with another key, or changed since."""


def seal(text: str) -> str:
    """Return a secret as it may be stored."""
    return _keys(tuple(settings.DATA_KEYS)).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Return the secret again. Raises SealBroken."""
    try:
        return _keys(tuple(settings.DATA_KEYS)).decrypt(sealed.encode()).decode()
    except InvalidToken as problem:
        raise SealBroken("the key of this desk does not open it") from problem


def resealed(sealed: str) -> str:
    """Return a secret sealed with the newest key. Raises SealBroken."""
    return seal(unseal(sealed))


@cache
def _keys(secrets: tuple[str, ...]) -> MultiFernet:
    """Return the keys derived from the desk's: the first seals, all of them open."""
    return MultiFernet([Fernet(_derived(secret)) for secret in secrets])


def _derived(secret: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return base64.urlsafe_b64encode(derived)
