"""Keys of rows, as people and browsers send them."""

LONGEST = 18
"""As many digits as a key can always have."""


def is_key(written: str) -> bool:
    """Tell whether a text can be the key of a row."""
    return written.isascii() and written.isdecimal() and len(written) <= LONGEST
