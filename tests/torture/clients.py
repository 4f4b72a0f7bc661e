"""The load: customers who send tickets and agents who deal with them, through the forms, writing down what they are told."""

import hashlib
import heapq
import itertools
from threading import Event, Lock, Thread
from time import monotonic
from uuid import uuid4

from tests.torture.book import now
from tests.torture.browser import Unanswered, patiently

TRIES = 30


class Errands:
    """What agents are to do, each at its time."""

    def __init__(self):
        self._heap, self._lock, self._order = [], Lock(), itertools.count()

    def put(self, seconds, deed, number):
        """Something to do on a ticket in so many seconds."""
        with self._lock:
            heapq.heappush(self._heap, (monotonic() + seconds, next(self._order), deed, number))

    def take(self):
        """What is due, or None."""
        with self._lock:
            return heapq.heappop(self._heap)[2:] if self._heap and self._heap[0][0] <= monotonic() else None


class Client(Thread):
    """Somebody with a browser, a source of chance and a book. What goes wrong with her ends the run."""

    def __init__(self, browser, chance, book, errands, pace=1.0):
        super().__init__(name=browser.email, daemon=True)
        self.browser, self.chance, self.book, self.errands, self.pace = browser, chance, book, errands, pace
        self.leaving, self.problem = Event(), None

    def begins(self):
        """Sign in."""
        self.browser.sign_in(self.leaving)

    def run(self):
        """Begin, and go on until it is time to leave."""
        try:
            self.begins()
            while not self.leaving.is_set():
                self.goes_on()
        except Unanswered as problem:
            self.problem = None if self.leaving.is_set() else problem
        except Exception as problem:
            self.problem = problem

    def deed(self, what, number, look, address, fields):
        """Do something that has no key: after a lost answer look whether it stands, as a person would, before doing it again.

        `fields` gives the form's fields for the page that was looked at, the text that proves it among them.
        """
        token = f"{what} {uuid4()}"
        for _ in range(TRIES):
            page = self.browser.open(look, self.leaving)
            if token in page.text:
                self.book.note(what, number=number, token=token, by="looking")
                return
            asked = now()
            try:
                answer = self.browser.post(address, fields(page, token))
            except Unanswered:
                continue
            if answer.status == 302:
                self.book.note(what, number=number, token=token, asked=asked, by="answer")
                return
            if answer.status != 409:
                self.book.note("declined", deed=what, number=number, status=answer.status)
                return


class Customer(Client):
    """Sends tickets, some with a file, some twice; now and then writes again on one of hers."""

    def __init__(self, *everything, plan, **more):
        super().__init__(*everything, **more)
        self.plan, self.mine = plan, []

    def goes_on(self):
        """Send a ticket or write again, after a while."""
        if self.leaving.wait(self.chance.uniform(0.3, 2.5) * self.pace):
            return
        if self.mine and self.chance.random() < 0.15:
            self.writes_again(self.chance.choice(self.mine))
        else:
            self.sends()

    def sends(self):
        """Send a ticket, the same again until it is answered, and now and then once more after that."""
        form = self.browser.open("/en/tickets/new/", self.leaving)
        key = form.field("key")
        product = "Transcripts" if self.chance.random() < 0.1 else "Telephony"
        fields = {
            "csrfmiddlewaretoken": form.field("csrfmiddlewaretoken"),
            "key": key,
            "environment": "production",
            "product": _value_of(form.text, product),
            "priority": self.chance.choice("1123"),
            "subject": f"Calls drop {key}",
            "body": "Since this morning.",
        }
        content = self.chance.randbytes(self.chance.randint(1, 5000)) if self.chance.random() < 0.3 else None
        file = (f"{key}.bin", content) if content else None
        promised = self.plan != "basic" and product == "Telephony"
        for _ in range(2 if self.chance.random() < 0.15 else 1):
            asked = now()
            answer = patiently(lambda: self.browser.post("/en/tickets/new/", fields, file), self.leaving)
            if answer.status != 302:
                self.book.note("refused", deed="ticket", key=key, status=answer.status)
                return
            self.book.note(
                "ticket",
                key=key,
                number=answer.number,
                subject=fields["subject"],
                asked=asked,
                by=self.browser.email,
                promised=promised,
                file=hashlib.sha256(content).hexdigest() if content else None,
            )
        self.mine.append(answer.number)
        self.gives_work(answer.number)

    def gives_work(self, number):
        """Decide what agents will do about it: some are answered soon, some late, some never."""
        if self.chance.random() < 0.25:
            self.errands.put(self.chance.uniform(1, 40), "reclassification", number)
        if self.chance.random() < 0.55:
            self.errands.put(self.chance.uniform(2, 100), "answer", number)

    def writes_again(self, number):
        """Write a further message."""
        self.deed(
            "message",
            number,
            f"/en/tickets/{number}/",
            f"/en/tickets/{number}/messages/",
            lambda page, token: {"csrfmiddlewaretoken": page.field("csrfmiddlewaretoken"), "body": token},
        )


class Agent(Client):
    """Answers and reclassifies what there is to answer and reclassify."""

    def goes_on(self):
        """Do what is due, or wait a little."""
        errand = self.errands.take()
        if errand is None:
            self.leaving.wait(0.1)
            return
        deed, number = errand
        (self.answers if deed == "answer" else self.reclassifies)(number)

    def answers(self, number):
        """Answer a ticket in public, and leave it waiting, open or resolved."""
        then, takes = self.chance.choice(("waiting", "open", "resolved")), self.chance.random() < 0.5

        def fields(page, token):
            said = {"csrfmiddlewaretoken": page.field("csrfmiddlewaretoken"), "seen": page.field("seen") or ""}
            return said | {"body": token, "then": then} | ({"takes": "on"} if takes else {})

        self.deed("answer", number, f"/en/desk/{number}/", f"/en/desk/{number}/answers/", fields)

    def reclassifies(self, number):
        """Change a ticket's priority to another one; a lowering with little time left waits for a manager."""
        place = f"/en/desk/{number}/reclassification/"
        was = self.browser.open(f"{place}?to=1&because=impact_grew&place=production", self.leaving).field("was")
        to = self.chance.choice([priority for priority in "123" if priority != (was or "1")])

        def fields(page, token):
            kept = {"was": was or "1", "to": to, "because": "other", "place": "production", "text": token}
            return kept | {"csrfmiddlewaretoken": page.field("csrfmiddlewaretoken")}

        self.deed("reclassification", number, f"/en/desk/{number}/", place, fields)


def _value_of(page, name):
    """The value of the option with this name."""
    return page.split(f">{name}</option>")[0].rsplit('value="', 1)[1].split('"')[0]
