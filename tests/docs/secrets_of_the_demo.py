"""Prints a token of Liam's and the secret of an address that opens tickets, made on the desk of PUNTUALE_HOME."""

import sys
from datetime import timedelta

from puntuale.conf import clock
from puntuale.conf.home import Home, open_desk

with open_desk(Home.of_desk()):
    from puntuale.people import tokens
    from puntuale.people.models import Person
    from puntuale.webhooks import incoming

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
    sys.stdout.write(f"{token} {hook}\n")
