"""What was seen, line by line: what clients were told, what mail servers took, what was done to the desk."""

import json
import time
from threading import Lock


def now():
    """The present instant by the machine's clock, which is the database's too."""
    return time.time()  # noqa: TID251


class Book:
    """A file of JSON lines that many threads write, and a copy of them in memory."""

    def __init__(self, file):
        self.file, self.lines, self._lock = file.open("a", encoding="utf-8", buffering=1), [], Lock()

    def note(self, what, **facts):
        """Write a line."""
        line = {"what": what, "at": now(), **facts}
        with self._lock:
            self.lines.append(line)
            self.file.write(json.dumps(line) + "\n")

    def count(self, *whats):
        """How many lines tell of these."""
        with self._lock:
            return sum(line["what"] in whats for line in self.lines)


def read(file):
    """The lines of a book."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
