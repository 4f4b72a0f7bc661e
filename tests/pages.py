"""Reading pages as people do: the words on them, without the markup."""

import re
from html import unescape
from html.parser import HTMLParser


class _Words(HTMLParser):
    def __init__(self):
        super().__init__()
        self.words, self._silent = [], 0

    def handle_starttag(self, tag, _attributes):
        self._silent += tag in {"script", "style", "head"}

    def handle_endtag(self, tag):
        self._silent -= tag in {"script", "style", "head"}

    def handle_data(self, data):
        if not self._silent:
            self.words.append(data)


def words(response):
    """All the words of a page on one line."""
    parser = _Words()
    parser.feed(response.content.decode())
    return re.sub(r"\s+", " ", unescape(" ".join(parser.words))).strip()
