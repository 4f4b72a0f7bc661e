"""Pictures of a running demo: `python -m tools.screenshots http://localhost:8000 FOLDER [--all]`.

Without `--all` the few that stand in the README; with it every page, in two languages, both themes and widths.
"""

import itertools
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

Theme = Literal["light", "dark"]

PASSWORD = "on-time-every-time"  # noqa: S105 -- the demo's
SOFIA, PIETRO = "sofia@harbourlane.example", "pietro@brenta.example"
ADA, MARA = "ada@desk.example", "mara@desk.example"
CUSTOMERS = {"en": SOFIA, "it": PIETRO}
SIGN_IN = {"en": "sign-in/", "it": "accesso/"}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@dataclass(frozen=True)
class Shot:
    """A page as somebody sees it; without somebody, as everybody.

    `clicks` is what is clicked and `types` what is typed before it is taken. `prints` takes it as it comes on paper.
    """

    name: str
    path: str
    by: str = ""
    clicks: str = ""
    types: str = ""
    prints: bool = False


FEW = {
    ("en", "light", 1280): ["guarantee", "form", "ticket-disputed", "desk-due", "desk-disagreement", "desk-reclassify"],
    ("it", "dark", 390): ["desk-due", "ticket-answered"],
}
"""What the README shows."""

OUTSIDE = {
    "en": {"guarantee": "guarantee/", "sign-in": "sign-in/", "not-found": "nowhere/"},
    "it": {"guarantee": "garanzia/", "sign-in": "accesso/", "not-found": "altrove/"},
}
PORTAL = {
    "en": {
        "tickets": "tickets/",
        "organisation": "tickets/organisation/",
        "narrowed": "tickets/organisation/?phase=resolved",
        "found": "tickets/found/?q=calls",
        "form": "tickets/new/",
        "preferences": "preferences/",
    },
    "it": {
        "tickets": "ticket/",
        "organisation": "ticket/organizzazione/",
        "narrowed": "ticket/organizzazione/?phase=resolved",
        "found": "ticket/trovati/?q=registrazioni",
        "form": "ticket/nuovo/",
        "preferences": "preferenze/",
    },
}
TICKET = {"en": "tickets/{}/", "it": "ticket/{}/"}
PORTAL_TICKETS = {
    "en": {
        "ticket": "Calls drop after ten seconds",
        "ticket-answered": "Shared directory does not update",
        "ticket-disputed": "Some calls to mobiles fail",
        "ticket-cancelled": "Outgoing calls cut off",
        "ticket-beta": "Transcripts come out in the wrong language",
    },
    "it": {
        "ticket": "Le chiamate al numero principale non arrivano",
        "ticket-answered": "I fax arrivano senza l'ultima pagina",
        "ticket-disputed": "Cambiare la suoneria dei telefoni in officina",
        "ticket-cancelled": "Registrazioni senza audio",
        "ticket-report": "I nomi di chi chiama non compaiono",
    },
}
VIEWS = ["due", "mine", "unassigned", "missed", "waiting", "no-guarantee", "review", "mentions", "resolved", "all"]
DESK_TICKETS = {
    "desk-ticket": "Le chiamate al numero principale non arrivano",
    "desk-note": "Dashboard slow in the morning",
    "desk-answered": "Umzug: Telefone im neuen Büro anmelden",
    "desk-raised": "Some calls to mobiles fail",
}
DECISIONS = {
    "desk-disagreement": "La messagerie n'envoie plus les e-mails",
    "desk-lowering": "Dringend: Ansage für die Feiertage ändern",
    "desk-report": "I nomi di chi chiama non compaiono",
}
OFFICE = {
    "office-promises": "promises/",
    "office-rotas": "rotas/",
    "office-rota": "rotas/1/",
    "office-chain": "chains/1/",
}
CHANGE = "desk/{}/reclassification/?to=2&because=workaround"


def every_shot(language: str, numbers: dict[str, int]) -> Iterator[Shot]:
    """Return every page there is a picture of: first as everybody sees it, then a person at a time."""
    for name, path in OUTSIDE[language].items():
        yield Shot(name, path)
    yield Shot("guarantee-print", OUTSIDE[language]["guarantee"], prints=True)
    for name, path in PORTAL[language].items():
        yield Shot(name, path, CUSTOMERS[language])
    for name, subject in PORTAL_TICKETS[language].items():
        yield Shot(name, TICKET[language].format(numbers[subject]), CUSTOMERS[language])
    yield Shot("form-staging", PORTAL[language]["form"], CUSTOMERS[language], ".segment >> nth=1")
    first = numbers[PORTAL_TICKETS[language]["ticket"]]
    yield Shot("ticket-print", TICKET[language].format(first), CUSTOMERS[language], prints=True)
    yield Shot("ticket-unfolded", TICKET[language].format(first), CUSTOMERS[language], "main details > summary")
    for view in VIEWS:
        yield Shot(f"desk-{view}", f"desk/queues/{view}/", ADA)
    for name, subject in DESK_TICKETS.items():
        yield Shot(name, f"desk/{numbers[subject]}/", ADA)
    yield Shot("desk-reclassify", CHANGE.format(numbers["Calls drop after ten seconds"]), ADA)
    yield Shot("desk-search", "desk/search/?q=registrazioni", ADA)
    yield Shot("desk-callers", "desk/new/?who=brenta", ADA)
    yield Shot("desk-new-ticket", "desk/new/?who=chiara", ADA, ".callers a.subject")
    yield Shot("desk-keys", "desk/queues/due/", ADA, types="?")
    yield Shot("desk-print", f"desk/{numbers[DESK_TICKETS['desk-ticket']]}/", ADA, prints=True)
    yield Shot("desk-filter", "desk/queues/due/", ADA, "[data-filter]")
    yield Shot("desk-alarms", "desk/alarms/", ADA)
    yield Shot("desk-oncall", "desk/oncall/", ADA)
    yield Shot("desk-oncall-unfolded", "desk/oncall/", ADA, "main details > summary")
    yield Shot("desk-replies", "desk/replies/", ADA)
    yield Shot("desk-reply", "desk/replies/new/", ADA)
    for name, subject in DECISIONS.items():
        yield Shot(name, f"desk/{numbers[subject]}/", MARA)
    for name, path in OFFICE.items():
        yield Shot(name, f"office/{path}", MARA)


def sign_in(page: Page, base: str, language: str, email: str) -> None:
    """Sign in as somebody else."""
    page.context.clear_cookies()
    page.goto(f"{base}/{language}/{SIGN_IN[language]}")
    page.fill("#id_username", email)
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state()


def numbers_of(browser: Browser, base: str) -> dict[str, int]:
    """Return the number of each ticket of the demo by its subject."""
    page = browser.new_page()
    sign_in(page, base, "en", ADA)
    page.goto(f"{base}/en/desk/queues/all/")
    found = {}
    for link in page.locator("a.subject").all():
        number = re.search(r"/desk/(\d+)/", link.get_attribute("href") or "")
        found[link.inner_text()] = int(number[1]) if number else 0
    page.close()
    return found


def take(
    browser: Browser, base: str, folder: Path, shots: Iterable[Shot], *, language: str, theme: Theme, width: int
) -> None:
    """Take the pictures of one language, theme and width."""
    context = browser.new_context(
        locale=language, color_scheme=theme, viewport={"width": width, "height": 860}, timezone_id="Europe/Rome"
    )
    page, somebody = context.new_page(), ""
    for shot in shots:
        if shot.by != somebody:
            sign_in(page, base, language, shot.by)
            somebody = shot.by
        page.goto(f"{base}/{language}/{shot.path}")
        for one in page.locator(shot.clicks).all() if shot.clicks else ():
            one.click()
        if shot.types:
            page.keyboard.type(shot.types)
        page.emulate_media(media="print" if shot.prints else "screen")
        page.wait_for_timeout(300)
        page.screenshot(path=folder / f"{shot.name}-{language}-{theme}-{width}.png", full_page=True)
        page.emulate_media(media="screen")
    context.close()


def main() -> int:
    """Take them."""
    base, folder = sys.argv[1].rstrip("/"), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("PUNTUALE_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        numbers = numbers_of(browser, base)
        themes: tuple[Theme, ...] = ("light", "dark")
        for language, theme, width in itertools.product(("en", "it"), themes, (1280, 390)):
            wanted = None if "--all" in sys.argv else FEW.get((language, theme, width), [])
            shots = [shot for shot in every_shot(language, numbers) if wanted is None or shot.name in wanted]
            if shots:
                take(browser, base, folder, shots, language=language, theme=theme, width=width)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
