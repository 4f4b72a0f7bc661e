"""Reading a document: from text to an agreement, or to everything that is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from puntuale.guarantee.agreement import REOPEN_WITHIN, Agreement
from puntuale.guarantee.document import alarms, cells, opening, terms
from puntuale.guarantee.document.findings import DocumentRefused, Finding, Findings
from puntuale.guarantee.document.sections import LANGUAGE, Section
from puntuale.guarantee.hours import DAY
from puntuale.guarantee.parsing import LARGEST, Unreadable, parse_json, parse_toml
from puntuale.guarantee.texts import Text

FORMAT = 1
MOST_REOPEN_DAYS, MOST_LANGUAGES = 366, 20


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document says, and what is wrong with it. `agreement` is None when there are errors."""

    agreement: Agreement | None
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Return the findings that make the document unusable."""
        return tuple(finding for finding in self.findings if not finding.is_warning)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Return the findings that should be looked at, but leave the document usable."""
        return tuple(finding for finding in self.findings if finding.is_warning)

    def sound(self) -> Agreement:
        """Return the agreement. Raises DocumentRefused with all findings when there are errors."""
        if self.agreement is None:
            raise DocumentRefused(self.findings)
        return self.agreement


def read(source: str | bytes | Mapping[str, object], *, propose: opening.Propose | None = None) -> Reading:
    """Return what a document says: TOML or JSON text, or a mapping already parsed. Never raises for a bad document.

    `propose` expands holidays that are only named (`propose = "financial:XECB"`); without it such a list is an error.
    """
    findings = Findings()
    table = source if isinstance(source, Mapping) else _parsed(source, findings)
    agreement = None if table is None else _agreement(table, findings, propose)
    return Reading(None if findings.has_errors else agreement, tuple(findings.found))


def _parsed(source: str | bytes, findings: Findings) -> Mapping[str, object] | None:
    if len(source) > LARGEST:
        findings.report("", None, "document.too_large", size=f"{len(source):,}", limit=f"{LARGEST:,}")
        return None
    start = source if isinstance(source, str) else source[:1_000].decode("utf-8-sig", "replace")
    is_json = start.lstrip().startswith("{")
    try:
        table: dict[str, object] = parse_json(source) if is_json else parse_toml(source)
    except Unreadable as problem:
        form = "UTF-8" if isinstance(problem.__cause__, UnicodeDecodeError) else "JSON" if is_json else "TOML"
        told = str(problem).removeprefix(f"not {form}: ")
        findings.report("", None, "document.syntax", form=form, problem=told)
        return None
    return table


def _agreement(table: Mapping[str, object], findings: Findings, propose: opening.Propose | None) -> Agreement:
    document = Section(table, "", findings, ())
    _check_format(document)
    document.languages = languages = _languages(document)
    version = _version(document)
    title, introduction = document.text("title", required=True), document.text("introduction")
    places, stages, plans = terms.environments(document), terms.stages(document), terms.plans(document)
    priorities = terms.priorities(document, places)
    default = terms.default_priority(document, priorities, places)
    lists = opening.holiday_lists(document.section("holidays"), propose)
    hours = opening.hours_tables(document.section("hours", required=True), lists)
    owed = cells.cells(document, plans, priorities, hours)
    levels = alarms.alarm_levels(document)
    notes = _notes(document)
    reopens = _reopen_within(document)
    document.finish()
    return Agreement(
        version,
        languages,
        title,
        introduction,
        priorities,
        default,
        plans,
        places,
        stages,
        MappingProxyType({key: table for key, table in hours.items() if table}),
        MappingProxyType(lists),
        MappingProxyType(owed),
        levels,
        notes,
        reopens,
    )


def _check_format(document: Section) -> None:
    written = document.take("format", required=True)
    if written is not None and (written != FORMAT or isinstance(written, bool)):
        document.report("format", written, "document.format")


def _version(document: Section) -> int:
    written = document.take("version", required=True)
    if written is None:
        return 0
    if type(written) is not int or not 1 <= written < 1_000_000:
        document.report("version", written, "version.form")
        return 0
    return written


def _languages(document: Section) -> tuple[str, ...]:
    languages = document.strings("languages", required=True) or ()
    for language in languages:
        if not LANGUAGE.fullmatch(language):
            document.report("languages", language, "language.form")
        if languages.count(language) > 1:
            document.report("languages", language, "key.duplicate")
    if len(languages) > MOST_LANGUAGES:
        document.report("languages", None, "list.too_long", count=len(languages), limit=MOST_LANGUAGES)
    if document.table.get("languages") == []:
        document.report("languages", [], "value.empty")
    return languages[:MOST_LANGUAGES]


def _reopen_within(document: Section) -> int:
    """Return for how many seconds a resolved ticket reopens: days by the calendar, none for never."""
    written = document.take("reopen_within_days")
    if written is None:
        return REOPEN_WITHIN
    if type(written) is not int or not 0 <= written <= MOST_REOPEN_DAYS:
        document.report("reopen_within_days", written, "reopen.form", limit=MOST_REOPEN_DAYS)
        return REOPEN_WITHIN
    return written * DAY


def _notes(document: Section) -> tuple[Text, ...]:
    found = []
    for entry in document.sections("note"):
        found.append(entry.text("text", required=True))
        entry.finish()
    return tuple(found)
