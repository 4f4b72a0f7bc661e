"""The pages of the office, as its menu and its first page list them."""

from dataclasses import dataclass

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Item:
    """A page: the name of its route, what it is called, and what is done there. `below` are the routes under it."""

    route: str
    title: Lazy | str
    purpose: Lazy | str
    below: tuple[str, ...] = ()


ITEMS = (
    Item(
        "office_agreement",
        _("Agreement"),
        _("Write the next version, see what it changes, publish it."),
        ("office_draft", "office_version"),
    ),
    Item(
        "office_organisations",
        _("Organisations"),
        _("Customers, their people, and the plans they bought."),
        ("office_organisation", "office_new_organisation", "office_contract"),
    ),
    Item("office_people", _("People"), _("Roles, and who has left."), ("office_person",)),
    Item("office_joining", _("Joining"), _("Who asks to join, and sign-ups that need a look.")),
    Item("office_mail", _("Mail"), _("Mail that waits for somebody to say what becomes of it.")),
    Item("office_domains", _("Domains"), _("Which addresses are a company's, and whose.")),
    Item("office_holidays", _("Holidays"), _("Confirm the closed days of the years to come."), ("office_holiday",)),
    Item(
        "office_products",
        _("Products"),
        _("What tickets can be about, and how far it has come."),
        ("office_product", "office_new_product"),
    ),
    Item("office_texts", _("Texts"), _("What customers read when a priority changes."), ("office_text",)),
    Item(
        "office_rotas",
        _("Rotas and chains"),
        _("Who is on call, and who is woken after whom."),
        ("office_new_rota", "office_rota", "office_new_chain", "office_chain"),
    ),
    Item(
        "office_webhooks",
        _("Webhooks"),
        _("Programs elsewhere that are told what happens."),
        ("office_webhook", "office_new_webhook"),
    ),
    Item(
        "office_connectors",
        _("Connectors"),
        _("Addresses that open tickets, telephone numbers, calendars, the badge."),
        ("office_hook", "office_new_hook"),
    ),
    Item("office_promises", _("Promises"), _("Can we keep them? Everything that must be so, looked at now.")),
    Item(
        "office_reports",
        _("Reports"),
        _("What was promised and what was done, with the tickets behind every figure."),
        ("office_report_tickets", "office_report_workload", "office_report_fairness"),
    ),
    Item(
        "office_what_if",
        _("What if"),
        _("Try another agreement, calendar or rota on what was asked so far, and see how many people it takes."),
        ("office_trial",),
    ),
    Item("office_settings", _("Settings"), _("Name, language, time zone, mail."), ("office_set_up",)),
    Item("office_tokens", _("Tokens"), _("Which programs act for whom, and since when they were silent.")),
    Item("office_audit", _("Audit log"), _("Who did what, when, and from where.")),
)


def is_current(item: Item, route: str) -> bool:
    """Tell whether a page is the one shown, or the one above it."""
    return route == item.route or any(route == name or route.startswith(f"{name}_") for name in item.below)
