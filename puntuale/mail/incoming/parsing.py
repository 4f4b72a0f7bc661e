"""Reading a mail: from its bytes to what it says. It asks no database, and runs in a process of its own."""

import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import IO

from puntuale.mail.incoming import authentication, certified, folding, origins
from puntuale.mail.incoming.contents import Contents, FoundFile
from puntuale.mail.incoming.headers import Headers, addresses, as_text, printable
from puntuale.mail.incoming.html import as_markdown, as_plain, between_tags
from puntuale.mail.incoming.limits import LONGEST_BODY, MOST_FILES, MOST_RECIPIENTS, MailRefused
from puntuale.mail.incoming.opening import open_parts
from puntuale.mail.incoming.parts import File, TakenApart, Text, take_apart
from puntuale.tickets import texts

RECIPIENTS = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc")
THREAD = ("in-reply-to", "references")
LONGEST_REFERENCES = 20_000
STATUS = re.compile(r"^Status:\s*([245]\.\d{1,3}\.\d{1,3})", re.IGNORECASE | re.MULTILINE)
DIAGNOSIS = re.compile(r"^Diagnostic-Code:\s*([^\n]{1,500}(?:\n[ \t][^\n]{1,300}){0,3})", re.IGNORECASE | re.MULTILINE)
IDS = re.compile(r"<[^<>\s]{1,300}>")
MOST_IDS = 50
SEALED = re.compile(r"\+\d{1,18}-\d{1,18}-[a-z2-7]{16}@", re.IGNORECASE)
WHOLE_TEXT = "whole-text"
IMAGE = re.compile(r"\[(?:cid:|image)[^\]\n]{0,200}\]", re.IGNORECASE)
WORD = re.compile(r"\w+")
ADDRESS = re.compile(r"\S*://\S*")
MOST_LEFT_OUT = 100
STUB = 5
"""A plain text so many times shorter than the HTML beside it says not all of it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a mail is to be read: the receiving server to believe, our own domain, and the carriers of certified mail.

    A mail that takes too long is read once more, simply: not folded, its HTML between the tags, its parts unopened.
    """

    host: str = ""
    domain: str = ""
    simply: bool = False
    carriers: tuple[str, ...] = ()


def read(source: IO[bytes], folder: Path, wanted: Wanted) -> Contents:
    """Return what a mail says, with its files written into a folder. Whatever it looks like, it is read or refused."""
    try:
        return _contents(take_apart(source, folder), folder, wanted)
    except MailRefused as problem:
        return Contents(refused=problem.rule)


def _contents(apart: TakenApart, folder: Path, wanted: Wanted) -> Contents:
    envelope = apart.headers
    apart, address, name, vouched = certified.opened(apart, folder, host=wanted.host, carriers=wanted.carriers)
    if not wanted.simply:
        open_parts(apart, folder)
    headers = apart.headers
    to = list(dict.fromkeys([*addresses(envelope, *RECIPIENTS), *addresses(headers, *RECIPIENTS)]))
    if len(to) > MOST_RECIPIENTS:
        raise MailRefused("mail.too_many_recipients")
    subject = headers.text("subject")
    # Who quotes a letter of ours quotes its sealed address along, which is for its reader alone.
    is_plain, said = _text(apart, wanted)
    whole = SEALED.sub("@", said)
    text = _fitting(whole)
    files, left_out = _files(apart.files)
    if len(whole) > len(text):
        files = [*files, _whole(whole, folder)]
    given_back = origins.is_given_back(headers, subject=subject, sender=address)
    report = "\n".join(as_text(one, "utf-8") for one in apart.reports).replace("\r\n", "\n")
    stamp = authentication.stamped_at(envelope, host=wanted.host)
    references = " ".join(said for field in THREAD for said in headers.all(field))[:LONGEST_REFERENCES]
    answers_us = not wanted.simply and _answers_us(f"{references} {' '.join(to)}", wanted.domain)
    folded = folding.fold(text, subject=subject, answers_us=answers_us)
    return Contents(
        sender=address,
        sender_name=name,
        subject=_cut(printable(subject), texts.LONGEST_SUBJECT),
        date=printable(headers.text("date"))[:100],
        to=tuple(to),
        references=references,
        message_id=printable(headers.first("message-id"))[:500],
        from_us=_is_from_us(headers, wanted.domain),
        automatic=origins.why_automatic(headers),
        hint=origins.hint(headers, subject=subject, sender=address),
        absence=origins.absence(headers, subject=subject),
        behind=origins.behind_the_sender(headers),
        is_given_back=given_back,
        given_back=_named_in(report or whole) if given_back else "",
        status=_first(STATUS, report),
        said=printable(_first(DIAGNOSIS, report))[:1_000],
        vouched=vouched,
        stamped_at=stamp.isoformat() if stamp else "",
        text=text,
        is_plain=is_plain,
        own_lines=folded.own_lines,
        quoted_from=folded.quoted_from,
        quoted_to=folded.quoted_to,
        files=tuple(files),
        left_out=tuple(left_out),
        defects=tuple(sorted(apart.defects)),
    )


def _answers_us(leads: str, domain: str) -> bool:
    """Tell whether a mail may answer a letter of ours, so that what it quotes may stand on the ticket already."""
    in_thread = f"@{domain.lower()}>" in leads.lower() if domain else "<" in leads
    return in_thread or SEALED.search(leads) is not None


def _text(apart: TakenApart, wanted: Wanted) -> tuple[bool, str]:
    """Return the text of a mail: what was written plainly, else what its HTML says, images by their files' names.

    Before it stands whether it is plain text. Where parts of it are not, all of it is Markdown.
    """
    chosen = [one for one in _chosen(apart.texts) if one.said.strip()]
    is_plain = wanted.simply or not any(one.is_html or one.is_markdown for one in chosen)
    said = [_plain(one, wanted, is_plain=is_plain) for one in chosen]
    joined = texts.uniform("\n\n".join(one.strip("\n") for one in said if one.strip()))
    names = {file.content_id: file.name for file in apart.files if file.content_id}
    return is_plain, re.sub(r"\[cid:([^\]\s]{1,200})\]", lambda found: f"[{names.get(found[1]) or 'image'}]", joined)


def _chosen(found: list[Text]) -> list[Text]:
    """Return the texts to read, one way of each choice: the plain one where it says what the HTML says."""
    plain = {choice for choice in {one.choice for one in found if one.choice} if _is_plain_whole(found, choice)}
    return [one for one in found if not one.choice or one.is_html != (one.choice in plain)]


def _is_plain_whole(found: list[Text], choice: int) -> bool:
    """Tell whether the plain way of a choice says all that the HTML beside it says, and is no stub of a program's."""
    plain = "\n".join(one.said for one in found if one.choice == choice and not one.is_html)
    html = "\n".join(between_tags(one.said) for one in found if one.choice == choice and one.is_html)
    if not texts.says_something(IMAGE.sub("", html)):
        return bool(plain.strip())
    if not texts.says_something(IMAGE.sub("", unescape(plain))):
        return False
    few, many = WORD.findall(ADDRESS.sub(" ", IMAGE.sub("", plain)).casefold()), WORD.findall(html.casefold())
    known = set(many)
    is_stub = len(few) * STUB <= len(many) or sum(word in known for word in few) * 2 < len(few)
    left_out = _left_out(unescape(plain).casefold(), known)
    return not is_stub and (not left_out or left_out < len(set(few) - known))


def _left_out(plain: str, words: set[str]) -> int:
    """Return how many words a text has not, taken together: tags may have cut one of them in two."""
    found = WORD.findall(plain)
    missing, together = words.difference(found), "".join(found)
    return sum(len(missing) > MOST_LEFT_OUT or word not in together for word in missing)


def _plain(one: Text, wanted: Wanted, *, is_plain: bool) -> str:
    if one.is_html:
        return between_tags(one.said) if wanted.simply else as_plain(one.said)
    return one.said if is_plain or one.is_markdown else as_markdown(one.said)


def _fitting(text: str) -> str:
    """Return a text as far as a message takes it, to the end of a line."""
    if len(text) <= LONGEST_BODY:
        return text
    start = text[:LONGEST_BODY]
    return start[: start.rfind("\n")] if "\n" in start[LONGEST_BODY // 2 :] else start


def _whole(text: str, folder: Path) -> FoundFile:
    raw = text.encode("utf-8", "replace")
    (folder / WHOLE_TEXT).write_bytes(raw)
    return FoundFile("message.txt", WHOLE_TEXT, len(raw), "")


def _files(found: list[File]) -> tuple[list[FoundFile], list[str]]:
    """Return the files to keep, the same content once, and the names of those that are too large, empty or too many."""
    kept: dict[str, FoundFile] = {}
    left_out = []
    for file in found:
        if file.digest in kept:
            continue
        if not file.path or not file.size or len(kept) >= MOST_FILES - 1:
            left_out.append(file.name)
            continue
        kept[file.digest] = FoundFile(file.name, file.path, file.size, file.content_id)
    return list(kept.values()), left_out[:MOST_IDS]


def _named_in(report: str) -> str:
    """Return the Message-IDs that a report names."""
    return " ".join(IDS.findall(report)[:MOST_IDS])


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


def _is_from_us(headers: Headers, domain: str) -> bool:
    """Tell whether it is a letter of ours that came back as it was, or was sent on: its Message-ID is of our making."""
    return bool(domain) and headers.first("message-id").strip().strip("<>").lower().endswith(f"@{domain.lower()}")


def _cut(said: str, limit: int) -> str:
    return said if len(said) <= limit else said[: limit - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"
