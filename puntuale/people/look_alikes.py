"""Domains that look like others: letters of other scripts, digits for letters, two letters for one."""

import unicodedata
from collections.abc import Iterable

import idna

TWINS = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u051b\u051d\u04bb\u04cf\u0432\u043a\u043c\u043d\u0442"
    "\u03bf\u03b1\u03bd\u03c1\u03c4\u03ba\u03b9\u03c5\u03c7\u0131\u0261\u0585\u0578",
    "aeopcyxijsdqwhlbkmhtoavptkiuxigon",
)
"""Letters of the Cyrillic, Greek, Armenian and extended Latin scripts, each over the plain letter it looks like."""

ONE_STROKE = str.maketrans("0i1|", "olll")
ALIKE_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")


def imitates(domain: str, known: Iterable[str]) -> bool:
    """Tell whether a domain, as it stands in the DNS, is taken for one of the known ones, and is not that one."""
    skeleton = _skeleton(_shown(domain))
    return any(domain != one and skeleton == _skeleton(one) for one in known)


def is_suspicious(domain: str) -> bool:
    """Tell whether a label of a domain mixes scripts that look alike, or reads as plain letters that it is not."""
    return any(_is_mixed(label) or _reads_as_plain(label) for label in _shown(domain).split("."))


def _shown(domain: str) -> str:
    """Return a domain as people see it."""
    try:
        return idna.decode(domain) if "xn--" in domain else domain
    except (idna.IDNAError, UnicodeError):
        return domain


def _skeleton(shown: str) -> str:
    """Return a domain with everything that looks alike made the same."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", shown) if not unicodedata.combining(one))
    return plain.translate(TWINS).translate(ONE_STROKE).replace("rn", "m").replace("vv", "w").replace("cl", "d")


def _is_mixed(label: str) -> bool:
    scripts = {unicodedata.name(one, "").split(" ", maxsplit=1)[0] for one in label if one.isalpha()}
    return len(scripts.intersection(ALIKE_SCRIPTS)) > 1


def _reads_as_plain(label: str) -> bool:
    return not label.isascii() and label.translate(TWINS).isascii()
