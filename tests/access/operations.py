"""How each operation of the API is asked for: where, with what, what comes back, and to whom.

An operation that is in no row fails the tests. `who` narrows it to some of those whom the table of `people.access` lets
do it, for rows that are not everybody's.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.access.world import OURS

VENDORS = frozenset({"agent", "manager", "administrator"})
READERS = frozenset({"requester", "their administrator"}) | VENDORS
HERS = frozenset({"requester", "their administrator"})


@dataclass(frozen=True)
class Asked:
    """One operation: its method, its path, its body if it has one, and the status for those who may do it."""

    method: str
    path: Callable
    status: int = 200
    says: Callable | None = None
    who: frozenset[str] | None = None
    takes: str = "application/json"


def get(path, who=None):
    """Something that is read."""
    return Asked("get", path if callable(path) else lambda _: path, who=who)


def on(name, rest="", **more):
    """Something that is read of a ticket."""
    return get(lambda world: f"/tickets/{getattr(world, name).pk}{rest}", READERS, **more)


def deed(name, rest, status=200, who=READERS, **said):
    """Something that is done to a ticket."""
    return Asked(
        "post",
        lambda world: f"/tickets/{getattr(world, name).pk}/{rest(world) if callable(rest) else rest}",
        status,
        (lambda world: {key: value(world) if callable(value) else value for key, value in said.items()})
        if said
        else None,
        who,
    )


def sends(world):
    """A ticket, as a customer sends it."""
    return {
        "subject": OURS, "body": "Words.", "priority": "2", "environment": "production",
        "product": world.company.telephony.pk, "files": [],
    }  # fmt: skip


def of(path, status=200, who=None, **said):
    """Something that is done to something else than a ticket."""
    says = (lambda world: {k: v(world) if callable(v) else v for k, v in said.items()}) if said else None
    return Asked("post", path if callable(path) else lambda _: path, status, says, who)


def claim(name, path, **said):
    """What is decided about a claim on a ticket."""
    return of(lambda world: f"/tickets/{getattr(world, name).ticket_id}/{path.format(getattr(world, name).pk)}", **said)


ASKED = {
    "read_me": get("/me"),
    "quote": get("/quote?priority=2&environment=production"),
    "read_agreement": get("/agreement"),
    "list_agreement_versions": get("/agreements"),
    "read_agreement_version": get("/agreements/1"),
    "list_products": get("/products"),
    "list_tickets": get("/tickets"),
    "read_ticket": on("open"),
    "search_tickets": get(f"/search?q={OURS}"),
    "list_messages": on("open", "/messages"),
    "list_events": on("open", "/events"),
    "submit_ticket": Asked("post", lambda _: "/tickets", 201, sends),
    "write_message": deed("open", "messages", 201, body="Words.", files=[]),
    "write_note": deed("open", "notes", 201, body="Between us.", files=[]),
    # files
    "upload_file": Asked("post", lambda _: "/files?name=a.txt", 201, takes="application/octet-stream"),
    "download_file": get(lambda world: f"/files/{world.sent_file.key}", READERS),
    # the priority
    "preview_reclassification": on("other", "/reclassification?priority=3"),
    "reclassify": deed("other", "reclassification", priority="3", was="1", because="how_to", text="A question."),
    "report_impact": deed("minor", "impact", priority="1", text=OURS, who=HERS),
    "disagree": Asked(
        "post",
        lambda world: f"/tickets/{world.change.ticket_id}/disagreements",
        says=lambda world: {"change": world.change.pk, "text": OURS},
        who=HERS,
    ),
    "list_claims": on("open", "/claims"),
    "decide_lowering": claim("lowering", "lowerings/{}/decision", confirm=False),
    "decide_disagreement": claim("disagreement", "disagreements/{}/decision", agree=True, text="Yes."),
    "decide_report": claim("report", "reports/{}/decision", agree=True, text="Yes."),
    # how tickets go on and end
    "assign_ticket": deed("open", "assignment", to=lambda world: world.company.grace.pk),
    "wait_for_customer": deed("resolved", "waiting"),
    "go_on": deed("waiting", "continuation"),
    "resolve_ticket": deed("waiting", "resolution"),
    "close_ticket": deed("open", "closure", who=HERS),
    "reopen_ticket": deed("resolved", "reopening"),
    "cancel_ticket": deed("open", "cancellation", because="spam", text="Spam."),
    "restore_ticket": deed("cancelled", "restoration"),
    "rate_ticket": deed("resolved", "rating", good=True, comment=OURS, who=HERS),
    "merge_ticket": deed("open", "merge", into=lambda world: world.other.pk),
    "separate_ticket": deed("merged", "separation"),
    "split_ticket": Asked(
        "post",
        lambda world: f"/tickets/{world.open.pk}/messages/{world.split_off.pk}/split",
        201,
        lambda _: {"subject": "Another thing"},
    ),
    "follow_ticket": deed("open", "followers", person=lambda world: world.company.andrea.pk),
    "unfollow_ticket": deed("other", lambda world: f"followers/{world.company.andrea.pk}/removal"),
    # who is on call
    "read_on_call": get("/on-call"),
    "list_rotas": get("/rotas"),
    "list_turns": get(lambda world: f"/rotas/{world.rota.pk}/turns"),
    # organisations
    "list_people": get("/people"),
    "read_person": get(lambda world: f"/people/{world.company.anna.pk}"),
    "list_organisations": get("/organisations"),
    "read_organisation": get(lambda world: f"/organisations/{world.company.basic.pk}"),
    "list_contracts": get(lambda world: f"/organisations/{world.company.basic.pk}/contracts"),
    "read_attainment": get("/reports/attainment?first=2026-11-01&last=2026-11-30&by=agent"),
    "read_workload": get("/reports/workload?first=2026-11-01&last=2026-11-30"),
    "read_changed_priorities": get("/reports/priorities?first=2026-11-01&last=2026-11-30"),
    "read_service_report": get("/reports/service?first=2026-11-01&last=2026-11-30"),
    "found_organisation": of("/organisations", 201, name="Contoso"),
    "rename_organisation": of(lambda world: f"/organisations/{world.company.basic.pk}/name", name="Litware Ltd"),
    "sign_contract": of(
        lambda world: f"/organisations/{world.company.basic.pk}/contracts", 201,
        plan="professional", starts_at="2026-12-01T00:00:00Z", answers=False,
    ),
    "end_contract": of(lambda world: f"/contracts/{world.contract.pk}/end", ends_at="2026-12-31T00:00:00Z"),
}  # fmt: skip
STATUSES = {("submit_ticket", role): 422 for role in VENDORS}
"""Where the same words come to something else for some: whoever works for the vendor has to say for whom she sends."""
