"""Tickets from a Zendesk JSON export: a folder with `tickets`, `users` and `organizations`, a line or a list each.

The files are those of its full export in NDJSON, or of its API written out. A ticket's `comments` stand within it, or
in a file `comments`, each with its `ticket_id`.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from puntuale.guarantee.parsing import parse_json
from puntuale.moving.rows import LONGEST_LINE, FileRefused, Row

LARGEST_LIST = 500_000_000
"""Signs of a list that is read as a whole. Longer ones have to come as lines."""
ENDINGS = (".jsonl", ".ndjson", ".json")
STATES = {
    "new": "open", "open": "open", "pending": "waiting", "hold": "waiting", "solved": "resolved", "closed": "resolved",
    "deleted": "cancelled",
}  # fmt: skip
PRIORITIES = {"urgent": "1", "high": "2", "normal": "3", "low": "3"}
AGENTS = {"agent", "admin"}


def rows_of(folder: Path) -> Iterator[Row]:
    """Yield a row a ticket, under our names. Raises FileRefused when there are no tickets or no users."""
    users = {one.get("id"): one for _, one in _objects(folder, "users")}
    organisations = {one.get("id"): one for _, one in _objects(folder, "organizations", needed=False)}
    comments = defaultdict[object, list[Mapping[str, Any]]](list)
    for _, one in _objects(folder, "comments", needed=False):
        comments[one.get("ticket_id")].append(one)
    for line, ticket in _objects(folder, "tickets"):
        said = list(ticket.get("comments") or comments.get(ticket.get("id"), []))
        yield Row(line, _row(ticket, said, users, organisations))


def _row(
    ticket: Mapping[str, Any],
    said: list[Mapping[str, Any]],
    users: Mapping[object, Mapping[str, Any]],
    organisations: Mapping[object, Mapping[str, Any]],
) -> dict[str, Any]:
    requester = users.get(ticket.get("requester_id"), {})
    organisation = organisations.get(ticket.get("organization_id") or requester.get("organization_id"), {})
    assignee = users.get(ticket.get("assignee_id"), {})
    said = sorted(said, key=lambda one: str(one.get("created_at")))
    # The first comment is the description once more.
    opening = said[0] if said and str(said[0].get("created_at")) <= str(ticket.get("created_at")) else None
    return {
        "id": ticket.get("id"),
        "subject": ticket.get("subject") or ticket.get("raw_subject"),
        "body": ticket.get("description") or (opening or {}).get("body"),
        "requester_email": requester.get("email"),
        "requester_name": requester.get("name"),
        "requester_phone": requester.get("phone"),
        "requester_id": f"zendesk {requester['id']}" if requester.get("id") else "",
        "organisation": organisation.get("name"),
        "priority": PRIORITIES.get(str(ticket.get("priority")), ""),
        "state": STATES.get(str(ticket.get("status")), "open"),
        "submitted_at": ticket.get("created_at"),
        "updated_at": ticket.get("updated_at"),
        "resolved_at": (ticket.get("metric_set") or {}).get("solved_at"),
        "assignee": assignee.get("email") if assignee.get("role") in AGENTS else "",
        "attachments": _files(opening),
        "messages": [_message(one, users) for one in said if one is not opening],
    }


def _message(said: Mapping[str, Any], users: Mapping[object, Mapping[str, Any]]) -> dict[str, Any]:
    author = users.get(said.get("author_id"), {})
    return {
        "at": said.get("created_at"),
        "author": author.get("email"),
        "author_name": author.get("name"),
        "body": said.get("plain_body") or said.get("body"),
        "internal": said.get("public") is False,
        "by_agent": author.get("role") in AGENTS,
        "attachments": _files(said),
    }


def _files(said: Mapping[str, Any] | None) -> list[str]:
    """Return the names of the files of a comment: of pictures within its text, too."""
    listed = (said or {}).get("attachments")
    files = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return [str(one.get("file_name") or one.get("filename") or "?") for one in files]


def _objects(folder: Path, name: str, *, needed: bool = True) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the objects of a file with their lines: JSON Lines, a list, or a list under its own name as in the API."""
    file = next((folder / f"{name}{ending}" for ending in ENDINGS if (folder / f"{name}{ending}").is_file()), None)
    if file is None:
        if needed:
            raise FileRefused(f"{folder} has no {name}.jsonl or {name}.json")
        return
    try:
        with file.open(encoding="utf-8-sig", errors="replace") as lines:
            if file.suffix != ".json":
                for number, line in enumerate(lines, start=1):
                    if line.strip():
                        yield number, _object(parse_json(line, largest=LONGEST_LINE))
                return
            told = parse_json(lines.read(LARGEST_LIST + 1), largest=LARGEST_LIST)
        listed = told.get(name, []) if isinstance(told, dict) else told
        yield from ((number, _object(one)) for number, one in enumerate(listed, start=1))
    except (OSError, ValueError) as problem:
        raise FileRefused(f"{file}: {problem}") from problem


def _object(told: object) -> Mapping[str, Any]:
    if not isinstance(told, dict):
        raise ValueError("not an object")  # noqa: TRY004 -- told like everything else that is wrong with the file
    return told
