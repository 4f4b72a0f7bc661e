"""Browsers for stories: the system's Chromium where there is one, else the one Playwright brings."""

import os
import shutil
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.signals import request_finished, request_started
from playwright.sync_api import sync_playwright

from tests.company import PASSWORD, made

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="session")
def browser():
    found = os.environ.get("PUNTUALE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield started
        started.close()


class Visitor:
    """Somebody with a browser. Every page she opens is looked at by axe, and may load nothing foreign or broken."""

    def __init__(self, browser, site, *, language="en", width=1280, scheme="light", zone="Europe/Rome", scripts=True):
        self.site, self.language, self.scripts = site, language, scripts
        self.context = browser.new_context(
            locale=language,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            timezone_id=zone,
            java_script_enabled=scripts,
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.complaints = []
        self.page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type in {"error", "warning"} else None
        )
        self.page.on("pageerror", lambda problem: self.complaints.append(str(problem)))
        self.page.on("request", lambda asked: None if asked.url.startswith(site) else self.complaints.append(asked.url))

    def opens(self, path):
        self.page.goto(f"{self.site}{path}")
        return self

    def signs_in(self, email):
        self.opens("/it/accesso/" if self.language == "it" else "/en/sign-in/")
        self.page.fill("#id_username", email)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("main button[type=submit]")
        self.page.wait_for_load_state()
        return self

    def leaves(self):
        """Pull the plug: nothing is asked or told any more. She may have left before."""
        if self.context in self.context.browser.contexts:
            self.context.set_offline(True)
            self.context.close()

    def sees(self, *texts):
        """Look for texts, for as long as somebody would wait for a page to settle."""
        deadline = time.monotonic() + 8
        while missing := [text for text in texts if text not in (shown := self.shown())]:
            assert time.monotonic() < deadline, f"{missing} is not on {self.page.url}: {shown}"
            time.sleep(0.05)
        return self

    def chooses(self, label):
        """Choose something by its label, whatever lies over the button."""
        self.page.get_by_label(label, exact=True).check(force=True)
        return self

    def looks_again(self):
        """Come back to the tab, which asks for what is new at once instead of within seconds."""
        self.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        return self

    def shown(self):
        return " ".join(self.page.inner_text("body").split())

    def does_not_see(self, *texts):
        shown = self.shown()
        for text in texts:
            assert text not in shown, f"{text!r} is on {self.page.url}"
        return self

    def is_content(self):
        """Nothing for axe to complain of, nothing on the console, nothing wider than the screen."""
        if self.scripts:
            found = Axe().run(self.page)
            assert found.violations_count == 0, found.generate_report()
            overflow = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overflow == 0, f"{self.page.url} is {overflow} pixels too wide"
        assert self.complaints == []
        return self


@pytest.fixture
def settled():
    """Wait until the server has answered everything, so that no request is left when the tables are emptied."""
    running = []

    def began(**_):
        running.append(True)

    def ended(**_):
        if running:
            running.pop()

    def wait():
        calm_since, deadline = time.monotonic(), time.monotonic() + 5
        while time.monotonic() - calm_since < 0.05 and time.monotonic() < deadline:
            time.sleep(0.01)
            if running:
                calm_since = time.monotonic()

    request_started.connect(began)
    request_finished.connect(ended)
    yield wait
    request_started.disconnect(began)
    request_finished.disconnect(ended)


@pytest.fixture
def visitor(browser, live_server, settled, settings):
    # Links in letters, and the way back from a sign-on server, lead where the desk says it is.
    settings.BASE_URL = live_server.url
    visitors = []

    def arrives(**how):
        visitors.append(Visitor(browser, live_server.url, **how))
        return visitors[-1]

    yield arrives
    for one in visitors:
        # A page says when it is left; nobody is there any more to hear it.
        one.leaves()
    settled()


@pytest.fixture
def company(transactional_db):
    """The company, visible to the server's thread."""
    return made()
