"""Texts that the agents of the demo have saved."""

from dataclasses import dataclass

from puntuale.guarantee.facts import Phase


@dataclass(frozen=True)
class Saved:
    """A saved reply: what becomes of the ticket when it is sent, and whether the sender takes it."""

    title: str
    language: str
    body: str
    then: Phase | None = None
    takes: bool = False


SAVED = (
    Saved(
        "Ask for a call",
        "en",
        body="Hello {{ customer.first_name }},\n\nto find it in our logs we need one example: the time of a call, and "
        "the two numbers. Could you send us that?\n\nBest wishes\n{{ agent.name }}",
        then=Phase.WAITING,
        takes=True,
    ),
    Saved(
        "Chiedere una chiamata di esempio",
        "it",
        body="Buongiorno {{ customer.first_name }},\n\nper trovarla nei registri ci serve un esempio: l'ora di una "
        "chiamata e i due numeri. Ce li mandi?\n\nA presto,\n{{ agent.name }}",
        then=Phase.WAITING,
        takes=True,
    ),
    Saved(
        "SIP ALG",
        "en",
        body="Hello {{ customer.first_name }},\n\none-way audio at one site nearly always comes from a router that "
        "rewrites the audio ports. Please switch off **SIP ALG** on it and try again.\n\n{{ agent.name }}",
    ),
    Saved(
        "Risolto",
        "it",
        body="Buongiorno {{ customer.first_name }},\n\nil problema della richiesta {{ ticket.number }} è risolto. Se "
        "si ripresentasse, basta rispondere qui.\n\n{{ agent.name }}",
        then=Phase.RESOLVED,
    ),
    Saved(
        "Nach einem Anruf fragen",
        "de",
        body="Guten Tag {{ customer.name }},\n\num ihn in den Protokollen zu finden, brauchen wir ein Beispiel: die "
        "Uhrzeit eines Anrufs und die beiden Nummern. Können Sie uns das schicken?\n\nViele Grüße\n{{ agent.name }}",
        then=Phase.WAITING,
        takes=True,
    ),
    Saved(
        "Demander un appel d'exemple",
        "fr",
        body="Bonjour {{ customer.first_name }},\n\npour le retrouver dans les journaux, il nous faut un exemple : "
        "l'heure d'un appel et les deux numéros. Pouvez-vous nous les envoyer ?\n\n{{ agent.name }}",
        then=Phase.WAITING,
        takes=True,
    ),
    Saved(
        "Resuelto",
        "es",
        body="Hola {{ customer.first_name }}:\n\nlo que nos contaste en {{ ticket.number }}, «{{ ticket.subject }}», "
        "está resuelto. Si vuelve a ocurrir, basta con responder aquí.\n\n{{ agent.name }}",
        then=Phase.RESOLVED,
    ),
)
