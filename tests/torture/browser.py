"""A browser, as far as a form needs one: cookies, forms, files. It never sends anything twice by itself."""

import re
from collections import Counter
from html import unescape
from http.client import HTTPConnection, HTTPException
from secrets import token_hex
from threading import Event
from time import monotonic
from urllib.parse import urlencode

PATIENCE = 12


class Unanswered(Exception):
    """No answer came, or one that says that it could not be done now. What became of it nobody knows."""


class Page:
    """What came back."""

    def __init__(self, status, location, text):
        self.status, self.location, self.text = status, location, text

    def field(self, name):
        """The value of a hidden field, or None when there is no such field."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        return unescape(found[1]) if found else None

    @property
    def number(self):
        """The number of the ticket that it leads to, or None."""
        found = re.search(r"/(\d+)/$", self.location or "")
        return int(found[1]) if found else None


class Browser:
    """One person's browser on the desk at a port of this machine.

    `waited` is for how many seconds it waited for each kind of answer.
    """

    def __init__(self, port, email, password):
        self.port, self.email, self.password, self.cookies = port, email, password, {}
        self.waited = Counter()

    def get(self, path):
        """Ask for a page. Raises Unanswered."""
        return _done(self.look(path))

    def look(self, path):
        """Ask for a page, and return it even if it says that something is wrong. Raises Unanswered without an answer."""
        return self._ask("GET", path, None, {})

    def post(self, path, fields, file=None):
        """Send a form, with a file if there is one: its name and content. Raises Unanswered."""
        if file is None:
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            return _done(self._ask("POST", path, urlencode(fields), form))
        boundary = token_hex(16)
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        name, content = file
        parts += [
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n".encode(),
            content,
            f"\r\n--{boundary}--\r\n".encode(),
        ]
        form = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return _done(self._ask("POST", path, b"".join(parts), form))

    def open(self, path, giving_up=None):
        """Ask for a page until it comes. Raises Unanswered when told to give up."""
        return patiently(lambda: self.get(path), giving_up)

    def sign_in(self, giving_up=None):
        """Sign in through the form, until that works."""
        while not (giving_up and giving_up.is_set()):
            form = self.open("/en/sign-in/", giving_up)
            said = {
                "username": self.email,
                "password": self.password,
                "csrfmiddlewaretoken": form.field("csrfmiddlewaretoken"),
            }
            if patiently(lambda said=said: self.post("/en/sign-in/", said), giving_up).status == 302:
                return

    def _ask(self, method, path, body, headers):
        began = monotonic()
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = headers | {
            "Host": f"localhost:{self.port}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Connection": "close",
        }
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
        except (OSError, HTTPException) as problem:
            self.waited[type(problem).__name__] += monotonic() - began
            raise Unanswered(f"{type(problem).__name__}: {problem}") from problem
        finally:
            connection.close()
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        self.waited[str(response.status)] += monotonic() - began
        return Page(response.status, response.headers.get("Location"), text)


def _done(page):
    if page.status >= 500:
        raise Unanswered(f"status {page.status}")
    return page


def patiently(ask, giving_up=None):
    """Ask again and again until an answer comes. Raises Unanswered when told to give up."""
    pause = giving_up or Event()
    while True:
        try:
            return ask()
        except Unanswered:
            if pause.wait(0.3):
                raise
