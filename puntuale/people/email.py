"""E-mail addresses as keys: the same for all ways to write one address, different for different ones."""

import unicodedata

import idna
from django.core.validators import validate_email

NOWHERE = ".invalid"
"""The end of addresses that lead nowhere, by RFC 2606: of people who have none, or were erased."""
ERASED_DOMAIN = f"erased{NOWHERE}"
"""The domain of the addresses that people have who were erased."""


def normalised(address: str) -> str:
    """Return an address as it is stored and compared: trimmed, composed (NFC), in lower case, its domain in Unicode.

    Lower case rather than case folding, which would make letters such as the dotless i equal to others.
    """
    text = unicodedata.normalize("NFC", address.strip()).lower()
    local, at, domain = text.rpartition("@")
    if "xn--" in domain:
        try:
            domain = idna.decode(domain)
        except (idna.IDNAError, UnicodeError):
            return text
    return f"{local}{at}{domain}"


def validate(address: str) -> None:
    """Raise ValidationError for what is no e-mail address. Letters of any script may stand before the @ (RFC 6531)."""
    local, at, domain = address.rpartition("@")
    plain = "".join("x" if not one.isascii() and unicodedata.category(one)[0] in "LMN" else one for one in local)
    validate_email(f"{plain}{at}{domain}")


def is_nowhere(address: str) -> bool:
    """Tell whether nothing can be sent to an address, since it stands for none."""
    return address.endswith(NOWHERE)
