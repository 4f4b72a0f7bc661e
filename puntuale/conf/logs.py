"""What is written into logs: never the secret of a link, and one line for what a client did wrong."""

import logging
import re

SECRET_LINKS = re.compile(
    r"((?:(?:/[a-z]{2}|(?<!\w))/(?:invitation|office/welcome|page|oncall|promises|password/new|files)|/hooks)/)[^\n]+",
    re.IGNORECASE,
)
"""Addresses that open something for whoever knows them, with a language before them or without one.

To the end of the line: what a client asks for may have blanks in it.
"""


class Line(logging.Formatter):
    """Writes a record, whoever made it and wherever the address stands, without what makes a link work."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and the traceback below it where one helps."""
        if record.name.startswith("django.security."):
            # What a client sent was refused: a traceback through Django tells nobody anything, and may be had at will.
            record.exc_info = record.exc_text = None
            if record.levelno > logging.WARNING:
                record.levelno, record.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
        return masked(super().format(record))


def masked(text: str) -> str:
    """Return a text with dots for the secrets of links."""
    return SECRET_LINKS.sub(r"\1...", text)
