"""The rules a document is judged by. Each has a name that people can look up and programs can rely on."""

from typing import NamedTuple

from puntuale.guarantee.marking import gettext_noop


class Rule(NamedTuple):
    """What a rule says, with {value} and the other facts of the case filled in."""

    says: str
    is_warning: bool = False


RULES = {
    # the document as such
    "document.syntax": Rule(gettext_noop("is not valid {form}: {problem}")),
    "document.too_large": Rule(gettext_noop("has {size} bytes; at most {limit} are read")),
    "document.format": Rule(gettext_noop("{value} is not a format this program reads; it reads format 1")),
    "version.form": Rule(gettext_noop("{value} is no version; a version is a whole number from 1 up")),
    # keys and values
    "key.unknown": Rule(gettext_noop("{value} is not known here{hint}")),
    "key.missing": Rule(gettext_noop("is missing")),
    "key.form": Rule(
        gettext_noop(
            "{value} cannot be a key; keys are made of a-z, 0-9, - and _, start with a letter or digit, and have at"
            " most 40"
        )
    ),
    "key.duplicate": Rule(gettext_noop("{value} is there twice")),
    "value.type": Rule(gettext_noop("{value} should be {wanted}")),
    "value.empty": Rule(gettext_noop("is empty")),
    "list.too_long": Rule(gettext_noop("has {count} entries; at most {limit} are read")),
    "reference.unknown": Rule(gettext_noop("{value} is not one of the {kind}: {known}{hint}")),
    # texts
    "language.form": Rule(gettext_noop("{value} is no language code such as en, it or pt-br")),
    "text.too_long": Rule(gettext_noop("has {count} characters; at most {limit} are read")),
    "text.language_missing": Rule(
        gettext_noop("is not said in {language}; readers get {fallback} instead"), is_warning=True
    ),
    # hours
    "zone.unknown": Rule(gettext_noop("{value} is not an IANA time zone{hint}")),
    "zone.ambiguous": Rule(
        gettext_noop(
            "{value} is an abbreviation, and people disagree on whether it moves its clocks in summer; write {advice}"
            " for a place that does, or {fixed} for a fixed offset"
        )
    ),
    "shift.form": Rule(gettext_noop('{value} is no shift; write "09:00-17:00"')),
    "shift.time_of_day": Rule(
        gettext_noop("{value} has a time of day that does not exist; they run from 00:00 to 24:00")
    ),
    "shift.opens_in_day": Rule(gettext_noop("{value} opens after its day is over; a shift opens from 00:00 to 23:59")),
    "shift.empty": Rule(gettext_noop('{value} opens and closes at the same minute; all day is "00:00-24:00"')),
    "shift.ends_after_start": Rule(gettext_noop("{value} does not close within a day of its opening")),
    "hours.never_open": Rule(gettext_noop("never opens; at least one shift a week is needed")),
    "hours.overlap": Rule(gettext_noop("{first_day} {first} and {second_day} {second} overlap")),
    "hours.always_or_weekly": Rule(gettext_noop("always open, yet {value} is given; a table is one or the other")),
    "hours.business_day": Rule(
        gettext_noop("{value} is no length for a business day; write it in hours and minutes, such as 8h")
    ),
    # holidays and overrides
    "date.form": Rule(gettext_noop("{value} is no date; write 2026-12-25")),
    "day.form": Rule(gettext_noop("{value} is no day of the year; write 12-25")),
    "years.form": Rule(
        gettext_noop("{value} is no range of years; write [2026, 2032], at most {limit} years, from 1970 to 2199")
    ),
    "holidays.outside_years": Rule(
        gettext_noop("{value} lies outside the years {first} to {last} that the list speaks for")
    ),
    "holidays.duplicate": Rule(gettext_noop("{value} is closed twice, as {other} and as {name}")),
    "holidays.not_there": Rule(gettext_noop("{value} is not a closed day of this list, so it cannot be removed")),
    "holidays.proposal_form": Rule(
        gettext_noop(
            '{value} is no calendar that can be proposed; write "country:IT", "country:IT-BZ" or "financial:XECB"'
        )
    ),
    "holidays.proposal_unknown": Rule(gettext_noop("{value} is not a calendar that is known: {problem}")),
    "holidays.name_missing": Rule(
        gettext_noop("{value} does not say in {language} what these days are called: {days}; name them under days"),
        is_warning=True,
    ),
    "holidays.proposal_open": Rule(gettext_noop("is a proposal that has not been expanded to days yet")),
    # targets
    "target.form": Rule(
        gettext_noop('{value} is no target; write a duration and an hours table, such as "3h business", or "none"')
    ),
    "target.contradiction": Rule(gettext_noop('{value} says both a time and none; write "3h business" or "none"')),
    "target.hours_missing": Rule(
        gettext_noop("{value} does not say on which hours it counts; the hours tables are {tables}")
    ),
    "target.hours_unknown": Rule(
        gettext_noop("{value} counts on hours that are not there; the hours tables are {tables}{hint}")
    ),
    "target.day_undefined": Rule(
        gettext_noop("{value} counts in days, but hours.{key} does not say how long a business_day is")
    ),
    "target.zero": Rule(gettext_noop("{value} is no time at all")),
    "target.too_long": Rule(gettext_noop("{value} is longer than a year")),
    "target.out_of_reach": Rule(
        gettext_noop("{value} takes {years} years on these hours; a target has to be reached within {limit} years")
    ),
    "duration.form": Rule(gettext_noop("{value} is no duration; write 8h, 7h30m or 15m")),
    "cell.missing": Rule(gettext_noop("says nothing for {missing}; every plan needs every priority, if only as none")),
    "default_priority.barred": Rule(
        gettext_noop("{value} is the default, so every environment must allow it; {barred} does not")
    ),
    "stage.none_guaranteed": Rule(gettext_noop("no stage is guaranteed, so nothing would ever be promised")),
    # reopening
    "reopen.form": Rule(gettext_noop("{value} is no number of days; write a whole number from 0 (never) to {limit}")),
    # alarms
    "alarm.form": Rule(
        gettext_noop('{value} is no alarm level; write "75%", "due", "-15m" (before due) or "+1h" (after it)')
    ),
    "alarm.share": Rule(
        gettext_noop('{value} lies outside {first} to {last} of the counted time; at due is "due", after it "+30m"')
    ),
    "alarm.duplicate": Rule(gettext_noop("{value} is there twice")),
    # order: probably a slip, so said, but some may want it
    "order.priority_slower": Rule(
        gettext_noop("priority {urgent} waits longer ({urgent_target}) than the less urgent {other} ({other_target})"),
        is_warning=True,
    ),
    "order.plan_slower": Rule(
        gettext_noop("plan {better} waits longer ({better_target}) than the lesser plan {other} ({other_target})"),
        is_warning=True,
    ),
    "order.plan_loses": Rule(
        gettext_noop("plan {better} has no guarantee where the lesser plan {other} has one"), is_warning=True
    ),
}
