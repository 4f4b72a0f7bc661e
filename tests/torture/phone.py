"""Whoever is paged, and taps on the link."""

from urllib.parse import urlsplit

from tests.torture.book import now
from tests.torture.browser import Unanswered
from tests.torture.clients import TRIES, Client

ON_IT, BUTTONS = "You are on it.", ("I am on it", "I take over")


class Phone(Client):
    """Gets the pages of everybody who has a webhook, and says with one tap that she is on it: to some, after a while.

    It has no login. `letters` is the book of what came.
    """

    def __init__(self, *everything, letters, **more):
        super().__init__(*everything, **more)
        self.letters, self.seen = letters, 0

    def begins(self):
        """Nobody signs in."""

    def goes_on(self):
        """Look at what has come, and tap where it is time to."""
        came = self.letters.lines[self.seen :]
        self.seen += len(came)
        for letter in came:
            link = urlsplit(letter.get("link", "")).path
            if "/page/" in link and self.chance.random() < 0.3:
                self.errands.put(self.chance.uniform(0.5, 30), "acknowledgement", link)
        errand = self.errands.take()
        if errand is None:
            self.leaving.wait(0.1)
        else:
            self.taps(errand[1])

    def taps(self, link):
        """Say that she is on it, until the page says so, or that it is over."""
        for _ in range(TRIES):
            asked = now()
            page = self.browser.open(link, self.leaving)
            if ON_IT in page.text:
                self.book.note("acknowledgement", link=link, asked=asked, by="looking")
                return
            if not any(f"{button}</button>" in page.text for button in BUTTONS):
                self.book.note("declined", deed="acknowledgement", link=link, status=page.status)
                return
            asked = now()
            try:
                answer = self.browser.post(link, {})
            except Unanswered:
                continue
            if answer.status == 302:
                self.book.note("acknowledgement", link=link, asked=asked, by="answer")
                return
