"""E-mail addresses as keys: the same for all ways to write one address, different for different ones."""

import unicodedata

import idna


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
