"""How the content of a part was encoded to be carried (RFC 2045, 6), undone piece by piece."""

import binascii
import re
from collections.abc import Iterable, Iterator

NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
PADDED = re.compile(rb"([^=]+)(=*)")
BASE64_BLOCK = 65_536


def decoded_by(content: Iterable[bytes], encoding: str) -> Iterable[bytes]:
    """Return what a part says, given in pieces: decoded, or as it came where nobody knows how."""
    if encoding == "base64":
        return _from_base64(content)
    if encoding == "quoted-printable":
        return (binascii.a2b_qp(line) for line in content)
    return content


def _from_base64(content: Iterable[bytes]) -> Iterator[bytes]:
    """Read base64 whatever stands between it, in whole groups of four; what is left over at an end is padded.

    Behind its end another piece may follow, but nothing that is none: a list writes its own words there.
    """
    left: list[bytes] = []
    size, has_ended = 0, False
    for line in content:
        if has_ended and NO_BASE64.search(line.replace(b"=", b"").strip()):
            continue
        for piece, padding in PADDED.findall(line):
            left.append(NO_BASE64.sub(b"", piece))
            size += len(left[-1])
            if padding and size % 4 + len(padding) == 4:
                yield _of_base64(left)
                left, size, has_ended = [], 0, True
        if size >= BASE64_BLOCK:
            block = b"".join(left)
            whole = len(block) - len(block) % 4
            yield binascii.a2b_base64(block[:whole])
            left, size = [block[whole:]], len(block) - whole
    yield _of_base64(left)


def _of_base64(pieces: Iterable[bytes]) -> bytes:
    block = b"".join(pieces)
    # One letter of four says nothing.
    block = block[:-1] if len(block) % 4 == 1 else block
    return binascii.a2b_base64(block + b"=" * (-len(block) % 4))
