"""The pages that are asked for all day, and how many queries each may take. A number that grows wants a reason.

They are those of a desk that has been asked before: nothing is looked up for the first time.
"""

from puntuale.tickets.queues import View

QUEUES = dict.fromkeys(View, 11) | {View.MINE: 12, View.WAITING: 9, View.REVIEW: 10, View.MENTIONS: 10}
SEARCHES = {"call": 12, "babebidofa": 12, "Company 00042": 12, "zzzqqq": 12}

PAGES = {
    **{f"queue {view}": ("agent", f"/en/desk/queues/{view}/", count) for view, count in QUEUES.items()},
    "queue, asked again": ("agent", "/en/desk/queues/due/rows/", 5),
    "ticket at the desk": ("agent", "/en/desk/{open}/", 28),
    "ticket at the desk, resolved": ("agent", "/en/desk/{resolved}/", 28),
    "ticket at the desk, asked again": ("agent", "/en/desk/{open}/changes/", 4),
    **{f"search for {asked}": ("agent", f"/en/desk/search/?q={asked}", count) for asked, count in SEARCHES.items()},
    "search for a number": ("agent", "/en/desk/search/?q={open}", 13),
    "alarms": ("agent", "/en/desk/alarms/", 6),
    "ticket in the portal": ("customer", "/en/tickets/{hers}/", 20),
    "ticket in the portal, asked again": ("customer", "/en/tickets/{hers}/changes/", 6),
    "my tickets": ("customer", "/en/tickets/", 8),
    "my organisation's tickets": ("admin", "/en/tickets/organisation/", 8),
    "search in the portal": ("customer", "/en/tickets/found/?q=call", 12),
    "a new ticket": ("customer", "/en/tickets/new/", 12),
}
