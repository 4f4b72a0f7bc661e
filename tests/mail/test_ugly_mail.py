"""Mail that breaks other programs: every one is kept and comes to something, and the next good one is always taken."""

import collections
import io

import pytest

from puntuale.mail.incoming import deciding, keeping, parsing
from puntuale.mail.incoming.parsing import Wanted
from puntuale.mail.models import Incoming, Outcome
from puntuale.tickets.models import Ticket
from tests.mail.post import HOST, mail, taken
from tests.mail.ugly import corpus, worse
from tests.tickets.deeds import FRIDAY

WANTED = Wanted(HOST, "vendor.example")
GOOD_EVERY = 40


def read(raw, folder):
    return parsing.read(io.BytesIO(raw), folder, WANTED)


def bare(raw):
    """Return a mail without what servers on the way wrote: two of the corpus differ in nothing else."""
    return keeping._bare(raw)


def test_there_are_hundreds():
    assert len(corpus()) == 483
    assert len({name.partition("/")[0] for name in corpus()}) == 10


def test_each_is_kept_and_comes_to_something(company, reader, caplog):
    for number, (name, raw) in enumerate(corpus().items()):
        one = taken(raw, FRIDAY, reader)
        assert one.outcome in {Outcome.REVIEW, Outcome.IGNORED}, (name, one.problem)
        assert bare(keeping.path_of(one.digest).read_bytes()) == bare(raw), name
        if number % GOOD_EVERY == 0:
            good = taken(mail(f"Person <person{number}@northwind.test>", body=name), FRIDAY, reader)
            assert good.outcome == Outcome.REVIEW
    assert not Incoming.objects.filter(try_at__isnull=False).exists()
    assert not Incoming.objects.exclude(problem="").exists()
    assert not [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}]
    assert Ticket.objects.count() == 0


def test_each_can_be_a_customers(company, reader, monkeypatch):
    """The same mails, as if Anna had sent them, on a day on which she wrote a lot."""
    monkeypatch.setattr(deciding, "MOST_AN_HOUR", 1_000)
    outcomes, reasons = collections.Counter(), collections.defaultdict(set)
    for name, raw in corpus().items():
        hers = b"From: Anna <anna@northwind.test>\nSubject: Look\n" + b"\n".join(
            line for line in raw.split(b"\n") if not line.lower().startswith((b"from:", b"subject:", b"sender:"))
        )
        one = taken(hers, FRIDAY, reader)
        assert one.outcome, (name, one.problem)
        outcomes[one.outcome] += 1
        reasons[one.outcome].add(one.because)
        if one.outcome == Outcome.OPENED:
            assert one.ticket.messages.get().body.strip(), name
    assert set(outcomes) == {Outcome.OPENED, Outcome.IGNORED, Outcome.REVIEW}
    assert reasons[Outcome.IGNORED] <= {"report", "auto_submitted", "came_before"}
    assert reasons[Outcome.REVIEW] <= {"list", "bulk", "machine", "null_path", "absence", "report", "failure"}
    assert outcomes[Outcome.OPENED] > 200


def test_what_is_broken_further_still_comes_to_something(company, reader, monkeypatch):
    monkeypatch.setattr(deciding, "MOST_AN_HOUR", 1_000)
    good = 0
    for number, (name, raw) in enumerate(corpus().items()):
        if number % 3 == 0:
            one = taken(b"From: anna@northwind.test\n" + worse(raw, f"whole {name}"), FRIDAY, reader)
            assert one.outcome, (name, one.problem)
            good += one.outcome == Outcome.OPENED
    assert good > 5


@pytest.mark.parametrize("seed", range(4))
def test_what_is_broken_further_is_still_read(tmp_path, seed):
    for name, raw in corpus().items():
        contents = read(worse(raw, f"{seed} {name}"), tmp_path)
        lines = contents.text.split("\n")
        assert 0 <= contents.own_lines <= len(lines), name
        assert contents == type(contents).of_json(contents.as_json())
