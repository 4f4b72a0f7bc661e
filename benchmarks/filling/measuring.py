"""Asks a filled desk for pages, as people do, and times the server's own work."""

import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib.resources import files

from django.db import connection
from django.test import Client

from benchmarks.filling import promises, tickets
from benchmarks.filling.texts import texts
from puntuale.agreements.publication import publish
from puntuale.conf.preparing import migrate, prepare
from puntuale.people.models import Person, Role
from puntuale.tickets.models import Ticket
from puntuale.tickets.replay import differences

ROUNDS = 120
OPEN = 100_000
CLOSED_AT_FIRST = 10_000


def milliseconds(deed: Callable[[int], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """Return the median and the 95th percentile of what a deed takes, after some rounds that do not count."""
    for number in range(5):
        deed(number)
    taken = []
    for number in range(rounds):
        began = time.perf_counter()
        deed(number + 5)
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[18]


class Bench:
    """Asks a filled desk for pages, as people do."""

    def __init__(self) -> None:
        self.agent, self.customer, self.admin = Client(), Client(), Client()
        self.agent.force_login(Person.objects.filter(role=Role.AGENT).earliest("pk"))
        sender = Ticket.objects.filter(requester__role=Role.CUSTOMER).latest("pk").requester
        self.customer.force_login(sender)
        self.admin.force_login(Person.objects.filter(role=Role.ORGANISATION_ADMIN).earliest("pk"))
        self.numbers = list(Ticket.objects.order_by("-pk").values_list("pk", flat=True)[: ROUNDS * 40 : 40])
        self.own = list(Ticket.objects.filter(requester=sender).order_by("-pk").values_list("pk", flat=True)[:200])

    def page(self, client: Client, path: str) -> None:
        """Ask for a page, and stop when it is not there."""
        response = client.get(path, headers={"host": "localhost"})
        if response.status_code != 200:
            raise SystemExit(f"{path}: {response.status_code}")

    def tell(self, name: str, deed: Callable[[int], object]) -> float:
        """Print what a page takes, and return the median in milliseconds."""
        median, late = milliseconds(deed)
        print(f"{name:<46} median {median:6.1f} ms   p95 {late:6.1f} ms", flush=True)
        return median


QUEUES = ("due", "mine", "unassigned", "missed", "waiting", "no-guarantee", "review", "resolved", "all")
SEARCHES = {
    "a word everybody uses": "call phone",
    "a frequent word": "chiamata",
    "a rare word": "babebidofa",
    "two words": "dashboard lento",
    "an organisation": "Company 42",
    "a ticket's number": "{number}",
    "nothing there is": "zzzqqq",
}


def queue_alone(bench: Bench) -> float:
    """Time the queue, for comparing it before and after the closed tickets come."""
    return bench.tell("queue, due next", lambda _: bench.page(bench.agent, "/en/desk/"))


def pages(bench: Bench) -> None:
    """Time all pages."""
    for view in QUEUES[1:]:
        bench.tell(f"queue, {view}", lambda _, view=view: bench.page(bench.agent, f"/en/desk/queues/{view}/"))  # type: ignore[misc]
    numbers, own = bench.numbers, bench.own
    bench.tell("ticket at the desk", lambda n: bench.page(bench.agent, f"/en/desk/{numbers[n % len(numbers)]}/"))
    bench.tell("ticket in the portal", lambda n: bench.page(bench.customer, f"/en/tickets/{own[n % len(own)]}/"))
    bench.tell("my tickets", lambda _: bench.page(bench.customer, "/en/tickets/"))
    bench.tell("my organisation's tickets", lambda _: bench.page(bench.admin, "/en/tickets/organisation/"))
    bench.tell("form of a new ticket", lambda _: bench.page(bench.customer, "/en/tickets/new/"))
    for name, asked in SEARCHES.items():
        bench.tell(
            f"search: {name}",
            lambda n, asked=asked: bench.page(  # type: ignore[misc]
                bench.agent, f"/en/desk/search/?q={asked.format(number=numbers[n % len(numbers)])}"
            ),
        )


def measure(wanted: int, *, now: datetime) -> None:
    """Fill a desk in two steps, unless it is filled already, and time its pages after each."""
    migrate()
    before = None if Ticket.objects.exists() else fill(wanted, now=now)
    bench = Bench()
    wrong = list(differences(Ticket.objects.filter(pk__in=bench.numbers)))
    print(f"{len(bench.numbers)} of them replayed: {len(wrong)} differences {wrong[:1]}")
    after = queue_alone(bench)
    if before is not None:
        print(f"with all the closed tickets, the queue takes {after / before:.2f} times as long as with 10,000")
    pages(bench)


def forget_jobs() -> None:
    """Forget the jobs that signing the contracts left, as a worker has done them long ago on a desk of this age."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


def fill(wanted: int, *, now: datetime) -> float:
    """Fill a desk, and return what the queue takes while few of its tickets are closed, in milliseconds."""
    opened = min(OPEN, wanted // 10)
    began = time.perf_counter()
    open_shop(now=now)
    first = min(wanted, opened + CLOSED_AT_FIRST)
    tickets.fill(count=first, open_share=opened / first, until=now)
    print(f"filled {first:,} tickets in {time.perf_counter() - began:.0f} s", flush=True)
    before = queue_alone(Bench())
    if more := wanted - first:
        began = time.perf_counter()
        tickets.fill(count=more, open_share=0, until=now)
        print(f"filled {more:,} more in {time.perf_counter() - began:.0f} s", flush=True)
    return before


def fill_promises(wanted: int, *, now: datetime) -> None:
    """Fill a desk with what reports read, and with nothing else."""
    began = time.perf_counter()
    open_shop(now=now)
    promises.fill(count=wanted, opened=min(OPEN, wanted // 10))
    print(f"filled {wanted:,} tickets in {time.perf_counter() - began:.0f} s", flush=True)


def open_shop(*, now: datetime) -> None:
    """Publish, three years ago, make people, and reckon what was promised at any time since."""
    since = now - timedelta(days=3 * 365)
    publish(
        files("puntuale.agreements").joinpath("standard.toml").read_text(encoding="utf-8"),
        effective_from=since,
        at=since,
    )
    prepare(at=now, demo=False)
    tickets.people(organisations=1_000, customers=10_000, agents=50, at=since)
    forget_jobs()
    tickets.prepare(*texts(20_000), since=since, until=now)
