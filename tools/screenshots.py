"""Pictures of a running demo: `python -m tools.screenshots http://localhost:8000 FOLDER [--all]`.

Without `--all` the few that stand in the README; with it every page, in both languages, themes and widths.
"""

import itertools
import os
import shutil
import sys
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

Theme = Literal["light", "dark"]

PASSWORD = "on-time-every-time"  # noqa: S105 -- the demo's
CUSTOMERS = {"en": "sofia@harbourlane.example", "it": "pietro@brenta.example"}
PATHS = {
    "en": {"guarantee": "guarantee/", "sign-in": "sign-in/", "tickets": "tickets/", "form": "tickets/new/"},
    "it": {"guarantee": "garanzia/", "sign-in": "accesso/", "tickets": "ticket/", "form": "ticket/nuovo/"},
}


def sign_in(page: Page, base: str, language: str, email: str) -> None:
    """Sign in as somebody else."""
    page.context.clear_cookies()
    page.goto(f"{base}/{language}/{PATHS[language]['sign-in']}")
    page.fill("#id_username", email)
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state()


def take(
    browser: Browser, base: str, folder: Path, *, language: str, theme: Theme, width: int, names: list[str]
) -> None:
    """Take the pictures of one language, theme and width."""
    context = browser.new_context(
        locale=language, color_scheme=theme, viewport={"width": width, "height": 860}, timezone_id="Europe/Rome"
    )
    page = context.new_page()

    def picture(name: str) -> None:
        if name in names:
            page.wait_for_timeout(400)
            page.screenshot(path=folder / f"{name}-{language}-{theme}-{width}.png", full_page=True)

    for name in ("guarantee", "sign-in"):
        page.goto(f"{base}/{language}/{PATHS[language][name]}")
        picture(name)
    sign_in(page, base, language, CUSTOMERS[language])
    for name in ("tickets", "form"):
        page.goto(f"{base}/{language}/{PATHS[language][name]}")
        picture(name)
    page.goto(f"{base}/{language}/{PATHS[language]['tickets']}")
    page.click(".subject >> nth=0")
    page.wait_for_load_state()
    picture("ticket")
    sign_in(page, base, language, "ada@desk.example")
    page.goto(f"{base}/{language}/desk/")
    picture("queue")
    page.click("text=Dashboard slow in the morning")
    page.wait_for_load_state()
    picture("desk-ticket")
    page.goto(f"{base}/{language}/desk/answered/")
    picture("answered")
    page.goto(f"{base}/{language}/nowhere/")
    picture("not-found")
    context.close()


def main() -> int:
    """Take them."""
    base, folder = sys.argv[1].rstrip("/"), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("PUNTUALE_CHROMIUM") or shutil.which("chromium")
    every = ["guarantee", "sign-in", "tickets", "form", "ticket", "queue", "desk-ticket", "answered", "not-found"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        if "--all" in sys.argv:
            themes: tuple[Theme, ...] = ("light", "dark")
            for language, theme, width in itertools.product(("en", "it"), themes, (1280, 390)):
                take(browser, base, folder, language=language, theme=theme, width=width, names=every)
        else:
            few = ["guarantee", "form", "queue", "desk-ticket"]
            take(browser, base, folder, language="en", theme="light", width=1280, names=few)
            take(browser, base, folder, language="it", theme="dark", width=390, names=["queue"])
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
