"""How pagings stand: who was paged, who is on it, and what comes next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from puntuale.guarantee.promise import Course
from puntuale.oncall.models import Acknowledgement, Page, Paging
from puntuale.tickets.models import Ticket
from puntuale.tickets.reading import first_responses_of


@dataclass(frozen=True, slots=True)
class Standing:
    """A paging with its pages in the order in which they were written, and who is on it, if anybody is.

    `owed_by` is when the ticket's answer is, or was, to be given, while it is owed: also after the paging.
    """

    paging: Paging
    pages: Sequence[Page]
    on_it: Acknowledgement | None
    owed_by: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Tell whether the promise has ended, so that nothing is left to do."""
        return self.paging.ended_at is not None

    @property
    def is_in_vain(self) -> bool:
        """Tell whether everybody was paged and nobody is on it."""
        return not self.is_over and self.on_it is None and self.paging.exhausted_at is not None

    @property
    def goes_on_at(self) -> datetime | None:
        """Return when the next step is taken while nobody is on it, or None when there is none."""
        return None if self.is_over or self.on_it else self.paging.next_at


def pagings() -> QuerySet[Paging]:
    """Return the pagings that go on, the most urgent first."""
    return Paging.objects.filter(ended_at=None).order_by("rank", "promise__due_at", "pk")


def of_ticket(ticket: Ticket) -> list[Standing]:
    """Return how the pagings over a ticket stand, latest first."""
    return stands(Paging.objects.filter(ticket=ticket).order_by("-opened_at", "-pk"))


def of_page(page: Page) -> Standing:
    """Return how the paging stands that a page belongs to."""
    return stands(Paging.objects.filter(pk=page.paging_id))[0]


def stands(found: QuerySet[Paging]) -> list[Standing]:
    """Return how some pagings stand, in their order."""
    rows = found.select_related("chain", "promise__ending", "ticket__organisation").prefetch_related(
        Prefetch("pages", Page.objects.select_related("person")),
        Prefetch("acknowledgements", Acknowledgement.objects.filter(lapsed_at=None).select_related("person")),
    )
    courses = first_responses_of({row.ticket_id for row in rows if row.ended_at is not None})
    return [_stands(row, courses.get(row.ticket_id)) for row in rows]


def _stands(row: Paging, course: Course | None) -> Standing:
    owed_by = course.owed_by if course is not None else None
    return Standing(row, list(row.pages.all()), _last(row.acknowledgements.all()), owed_by)


def _last(found: Iterable[Acknowledgement]) -> Acknowledgement | None:
    return max(found, key=lambda one: one.pk, default=None)
