"""What each kind of request costs: processor time of the web process, and of the database, one request at a time."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from uuid import uuid4

import psutil
from django.test import Client

from benchmarks.scaling.arrivals import KINDS
from benchmarks.scaling.costs import Cost
from benchmarks.scaling.groups import database_processes
from puntuale.people.models import Person, Role
from puntuale.tickets.models import Ticket

WARM, ROUNDS = 5, 40
GOOD = frozenset({200, 302, 304})


class Asked:
    """Asks for each kind of request in this process, through all of the middleware."""

    def __init__(self) -> None:
        sender = Ticket.objects.filter(requester__role=Role.CUSTOMER, phase="open").latest("pk").requester
        self.agent, self.customer = Client(), Client()
        self.agent.force_login(Person.objects.filter(role=Role.AGENT).earliest("pk"))
        self.customer.force_login(sender)
        opened = Ticket.objects.filter(phase="open").order_by("-pk")
        self.tickets = list(opened.values_list("pk", flat=True)[:1_000])
        self.own = list(Ticket.objects.filter(requester=sender).order_by("-pk").values_list("pk", flat=True)[:50])
        self.known: dict[str, str] = {}

    def deed(self, name: str) -> Callable[[int], int]:
        """Return what sends one request of a kind, and gives its status."""
        queue = "/en/desk/queues/due/rows/"
        return {
            "queue, what changed": lambda _: self.again(self.agent, queue),
            "ticket, what changed": lambda _: self.again(self.agent, f"/en/desk/{self.tickets[0]}/changes/"),
            "queue": lambda _: self.get(self.agent, "/en/desk/"),
            "ticket": lambda n: self.get(self.agent, f"/en/desk/{self.tickets[n]}/"),
            "search": lambda _: self.get(self.agent, "/en/desk/search/?q=chiamata"),
            "answer": lambda n: self.post(self.agent, f"/en/desk/{self.tickets[-n - 1]}/answers/", then="waiting"),
            "portal, what changed": lambda _: self.again(self.customer, f"/en/tickets/{self.own[0]}/changes/"),
            "portal, my tickets": lambda _: self.get(self.customer, "/en/tickets/"),
            "portal, ticket": lambda n: self.get(self.customer, f"/en/tickets/{self.own[n % len(self.own)]}/"),
            "portal, form": lambda _: self.get(self.customer, "/en/tickets/new/"),
            "portal, send a ticket": lambda _: self.post(
                self.customer, "/en/tickets/new/", environment="production", product="", subject="So", priority="2"
            ),
            "portal, write more": lambda _: self.post(self.customer, f"/en/tickets/{self.own[0]}/messages/"),
        }[name]

    def get(self, browser: Client, path: str) -> int:
        """Ask for a page."""
        return browser.get(path, headers={"host": "localhost"}).status_code

    def again(self, browser: Client, path: str) -> int:
        """Ask what has changed."""
        response = browser.get(path, headers={"host": "localhost", "if-none-match": self.known.get(path, "")})
        self.known[path] = response.headers.get("ETag", self.known.get(path, ""))
        return response.status_code

    def post(self, browser: Client, path: str, **fields: str) -> int:
        """Send a form."""
        said = {"key": str(uuid4()), "body": "Written to be measured.", **fields}
        return browser.post(path, said, headers={"host": "localhost"}).status_code


def costs(folder: Path) -> Mapping[str, Cost]:
    """Return what each kind of request costs on the desk whose database is in a folder."""
    asked, database = Asked(), database_processes(folder)
    return {kind.name: _cost(asked.deed(kind.name), kind.name, database) for kind in KINDS}


def _cost(deed: Callable[[int], int], name: str, database: list[psutil.Process]) -> Cost:
    for number in range(WARM):
        deed(number)
    web, server = time.process_time(), _seconds(database)
    for number in range(WARM, WARM + ROUNDS):
        if (status := deed(number)) not in GOOD:
            raise SystemExit(f"{name}: {status}")
    spent = time.process_time() - web, _seconds(database) - server
    return Cost(*(round(seconds * 1000 / ROUNDS, 2) for seconds in spent))


def _seconds(database: list[psutil.Process]) -> float:
    times = [one.cpu_times() for server in database for one in [server, *server.children()]]
    return sum(one.user + one.system for one in times)
