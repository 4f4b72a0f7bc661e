"""The corpus of ugly mail, and what a seeded hand makes still uglier."""

import random
import zipfile
from functools import cache
from pathlib import Path

ARCHIVE = Path(__file__).parent / "corpus" / "mails.zip"
SPICES = [
    b"\x00", b"\xff\xfe", b"\r", b"\n\n", b"--", b"=?utf-8?b?", b"?=", b"=?x-unknown?q?=ff?=", b"\xed\xa0\x80", b"(" * 500,
    b"<" * 200, b'"', b";" * 100, b"Content-Type: multipart/mixed; boundary=x\n", b"Content-Transfer-Encoding: base64\n",
    b"charset=utf-7", b"charset=undefined", b"filename*0*=utf-8''%ff", b"\n--", b"To: unlisted-recipients:; (x)\n",
    b"Message-ID: <[foo@bar]>\n", b"\xe2\x80\xa8", b"=3D=\n", b"begin 644 x\n",
]  # fmt: skip


@cache
def corpus():
    """Return the mails by their names."""
    with zipfile.ZipFile(ARCHIVE) as archive:
        names = [name for name in archive.namelist() if name.startswith("mails/")]
        return {name.removeprefix("mails/"): archive.read(name) for name in names}


def worse(raw, seed):
    """Return a mail with something broken in it: cut, doubled, mixed or spiced, the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(raw) + 1)
        what = chance.randrange(6)
        if what == 0:
            raw = raw[:place]
        elif what == 1:
            raw = raw[:place] + raw[place : place + 500] * 2 + raw[place + 500 :]
        elif what == 2:
            lines = raw.split(b"\n")
            one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
            lines[one], lines[other] = lines[other], lines[one]
            raw = b"\n".join(lines)
        elif what == 3:
            raw = raw[:place] + bytes(chance.randrange(256) for _ in range(20)) + raw[place + 20 :]
        else:
            raw = raw[:place] + chance.choice(SPICES) + raw[place:]
    return raw
