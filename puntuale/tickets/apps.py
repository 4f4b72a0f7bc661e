"""Tickets, as Django knows them."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    """The room of tickets, messages, events and promises."""

    name = "puntuale.tickets"
    verbose_name = "Tickets"
