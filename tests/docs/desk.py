"""The demo's desk, served by the real program, on which the documents' commands are called."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).parent.parent.parent
PASSWORD = "on-time-every-time"


def free_port():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Desk:
    """A demo that runs, the folder in which its commands are called, and the programs on the path there."""

    def __init__(self, home, folder):
        self.home, self.folder, self.port = home, folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        programs = folder / "programs"
        programs.mkdir()
        for name in ("puntuale", "run"):
            (programs / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" -m puntuale "$@"\n')
            (programs / name).chmod(0o755)
        (folder / "run").symlink_to(programs / "run")
        kept = {name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ}
        self.environment = kept | {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "PUNTUALE_HOME": str(home),
            "PUNTUALE_URL": self.url,
        }
        with (folder / "log").open("w") as log:
            self.process = subprocess.Popen(
                ["./run", "demo", "--port", str(self.port)],
                cwd=folder, env=self.environment, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def wait(self, seconds=120):
        deadline = time.monotonic() + seconds
        while "Ctrl-C" not in (self.folder / "log").read_text():
            assert self.process.poll() is None and time.monotonic() < deadline, (self.folder / "log").read_text()
            time.sleep(0.2)
        return self

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)

    def call(self, command, **more):
        """Call a command as a shell does, and return what became of it."""
        return subprocess.run(
            ["bash", "-ec", command], cwd=self.folder, env=self.environment | more,
            capture_output=True, text=True, check=False, timeout=120, input="y\n",
        )  # fmt: skip

    @contextmanager
    def browser(self, who):
        """A browser of somebody who has signed in, for as long as it is used."""
        with httpx.Client(base_url=self.url, follow_redirects=True, timeout=30) as browser:
            post(browser, "/en/sign-in/", username=who, password=PASSWORD)
            yield browser


def post(browser, page, **filled):
    """Fill in the form of a page that has a field of each of these names, and send it."""
    shown = browser.get(page)
    assert shown.status_code == 200, page
    forms = re.findall(r"(?s)<form[^>]*>.*?</form>", shown.text)
    form = next(one for one in forms if all(f'name="{name}"' in one for name in filled))
    action = re.search(r'<form[^>]*\baction="([^"]*)"', form)
    inputs = [dict(re.findall(r'(\w+)="([^"]*)"', one)) for one in re.findall(r"<input[^>]*>", form)]
    hidden = {one["name"]: one.get("value", "") for one in inputs if one.get("type") == "hidden"}
    return browser.post(action[1] if action and action[1] else page, data=hidden | filled)
