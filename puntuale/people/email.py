"""E-mail addresses as keys: the same for all ways to write one address, different for different ones."""

import unicodedata


def normalised(address: str) -> str:
    """Return an address as it is stored and compared: trimmed, composed (NFC), in lower case.

    Lower case rather than case folding, which would make letters such as the dotless i equal to others.
    """
    return unicodedata.normalize("NFC", address.strip()).lower()
