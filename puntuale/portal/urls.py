"""The routes of the customers' door."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from puntuale.portal.views import (
    elsewhere,
    ending,
    lists,
    priority,
    published,
    readers,
    replying,
    reports,
    sending,
    ticket,
)

urlpatterns = [
    path(_("guarantee/"), published.guarantee, name="guarantee"),
    path(_("guarantee.json"), published.guarantee_facts, name="guarantee_facts"),
    path("guarantee/badge.svg", elsewhere.badge, name="guarantee_badge"),
    path("guarantee/hours.ics", elsewhere.hours, name="guarantee_hours"),
    path("promises/<str:token>.ics", elsewhere.promises, name="promises_calendar"),
    path(_("guarantee/versions/"), published.versions, name="guarantee_versions"),
    path(_("guarantee/versions/<int:version>/"), published.version, name="guarantee_version"),
    path(_("tickets/"), lists.tickets, name="tickets"),
    path(_("tickets/organisation/"), lists.organisation_tickets, name="organisation_tickets"),
    path(_("tickets/organisation/report/"), reports.organisation_report, name="organisation_report"),
    path(
        _("tickets/organisation/report/mail/"),
        reports.organisation_report_by_mail,
        name="organisation_report_mail",
    ),
    path(_("tickets/found/"), lists.find, name="find_tickets"),
    path(_("tickets/new/"), sending.new_ticket, name="new_ticket"),
    path(_("tickets/new/priorities/"), sending.priorities, name="priorities"),
    path(_("tickets/<int:number>/"), ticket.ticket, name="ticket"),
    path(_("tickets/<int:number>/changes/"), ticket.changes, name="ticket_changes"),
    path(_("tickets/<int:number>/changes/<int:change>/disagreement/"), priority.disagreement, name="disagreement"),
    path(_("tickets/<int:number>/messages/"), replying.follow_up, name="follow_up"),
    path(_("tickets/<int:number>/closure/"), ending.closure, name="closure"),
    path(_("tickets/<int:number>/reopening/"), ending.reopening, name="reopening"),
    path(_("tickets/<int:number>/rating/"), ending.opinion, name="rating"),
    path(_("tickets/<int:number>/impact/"), priority.impact, name="impact"),
    path(_("tickets/<int:number>/followers/"), readers.followers, name="followers"),
    path(_("tickets/<int:number>/followers/<int:person>/removal/"), readers.removal, name="follower_removal"),
]
