"""Prints a token of Liam's and the secret of an address that opens tickets, made on the desk of PUNTUALE_HOME."""

import sys
from datetime import timedelta

from puntuale.conf import clock
from puntuale.conf.home import Home, open_desk


def made():
    """The two secrets. What is imported needs Django, and Django needs the database's address first."""
    from puntuale.people import tokens  # noqa: PLC0415
    from puntuale.people.models import Person  # noqa: PLC0415
    from puntuale.webhooks import incoming  # noqa: PLC0415

    at = clock.now()
    liam, mara = (Person.objects.get(email=email) for email in ("liam@harbourlane.example", "mara@desk.example"))
    _, token = tokens.issue(liam, name="x", scopes=tokens.scopes_for(liam), lasts=timedelta(days=1), at=at)
    _, hook = incoming.add(
        name="Monitoring",
        kind="monitoring",
        person=liam,
        priority="2",
        environment="production",
        product=None,
        by=mara,
        at=at,
    )
    return token, hook


if __name__ == "__main__":
    with open_desk(Home.of_desk()):
        sys.stdout.write(" ".join(made()) + "\n")
