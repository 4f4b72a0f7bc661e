"""How much of a mail is looked at. Whatever is more stays in the mail itself, or sets it aside."""

LARGEST_MAIL = 50_000_000
MOST_HEADERS = 256_000
LONGEST_HEADER = 64_000
MOST_PARTS = 200
DEEPEST = 10
MOST_FILES = 10
LARGEST_FILE = 25 * 1024 * 1024
LONGEST_TEXT = 2_000_000
LONGEST_BODY = 190_000
LONGEST_LINE = 65_536
MOST_RECIPIENTS = 1_000
"""More addresses than that are no mail to us, but to everybody."""


class MailRefused(ValueError):
    """A mail that is not read because of what it asks of its reader; `rule` says what."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule
