"""The process that reads mail: one after the other, under limits, with nothing at hand that would be worth having.

It is started by `reader` without the environment's secrets, is told of a mail in a line of JSON, and answers in one.
"""

import json
import resource
import sys
from pathlib import Path

from puntuale.mail.incoming.limits import LARGEST_MAIL
from puntuale.mail.incoming.parsing import Wanted, read

MEMORY = 384 * 1024 * 1024
CPU_SECONDS = 20


def main() -> None:
    """Read mail until there is no more."""
    for kind, limit in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, LARGEST_MAIL), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(kind, (limit, limit))
    for line in sys.stdin:
        asked = json.loads(line)
        _allow_seconds()
        with Path(asked["path"]).open("rb") as source:
            wanted = Wanted(asked["host"], asked["domain"], asked["simply"], tuple(asked["carriers"]))
            contents = read(source, Path(asked["folder"]), wanted)
        sys.stdout.write(contents.as_json() + "\n")
        sys.stdout.flush()


def _allow_seconds() -> None:
    """Let the next mail take so many seconds of the processor, and end the process where it takes more."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + CPU_SECONDS, most))


if __name__ == "__main__":
    main()
