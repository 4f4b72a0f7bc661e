"""The desk as it is run: from a clone to a served page, memory when idle, and what pages weigh.

`./run bench desk` prints the figures that stand in docs/performance.md. It clones what is committed into an empty folder
and runs `./run demo` there, as a newcomer does.
"""

import gzip
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import closing
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import psutil

PASSWORD = "on-time-every-time"  # noqa: S105 -- the demo's
PAGES = {"guarantee": "/en/guarantee/", "sign in": "/en/sign-in/", "queue": "/en/desk/"}


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment() -> dict[str, str]:
    ours = ("PUNTUALE_", "DATABASE_URL", "DJANGO_", "PYTHONPATH", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"PUNTUALE_TICKETS_AN_HOUR": "off", "PUNTUALE_URGENT_TICKETS_AN_HOUR": "off"}


def served_after(process: subprocess.Popen[bytes], port: int, began: float) -> float:
    while process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/en/guarantee/", timeout=2):
                return time.perf_counter() - began
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the demo ended before it served anything")


def memory(process: psutil.Process, home: Path) -> dict[str, float]:
    """Return the proportional memory in MB of the desk's processes and of its database."""
    desk = [process, *process.children(recursive=True)]
    database = [one for one in psutil.process_iter() if _belongs(one, home)]
    return {
        "desk": sum(one.memory_full_info().pss for one in desk if one.is_running()) / 1e6,
        "database": sum(one.memory_full_info().pss for one in database) / 1e6,
        "processes": len(desk) + len(database),
    }


def _belongs(one: psutil.Process, home: Path) -> bool:
    try:
        server = one if str(home) in " ".join(one.cmdline()) else one.parent()
        return one.name() == "postgres" and server is not None and str(home) in " ".join(server.cmdline())
    except psutil.Error:
        return False


def opener(base: str) -> urllib.request.OpenerDirector:
    """Return a browser of an agent who has signed in."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    page = browser.open(f"{base}/en/sign-in/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    data = {"csrfmiddlewaretoken": token[1], "username": "ada@desk.example", "password": PASSWORD}
    browser.open(urllib.request.Request(f"{base}/en/sign-in/", urlencode(data).encode()))
    return browser


def weight(browser: urllib.request.OpenerDirector, base: str, path: str) -> tuple[int, str]:
    """Return the compressed bytes of a page and all it loads, and the page."""
    total, page = _fetched(browser, f"{base}{path}")
    loaded = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
    return total + sum(_fetched(browser, f"{base}{address}")[0] for address in loaded), page


def _fetched(browser: urllib.request.OpenerDirector, address: str) -> tuple[int, str]:
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    with browser.open(request) as response:
        content = response.read()
        text = gzip.decompress(content) if response.headers.get("Content-Encoding") == "gzip" else content
    return len(content), text.decode(errors="replace")


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="puntuale-bench-", dir="/tmp"))
    folder.chmod(0o755)
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    began = time.perf_counter()
    subprocess.run(["git", "clone", "--quiet", ".", str(folder / "puntuale")], check=True)
    clone = folder / "puntuale"
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            ["./run", "demo", "--port", str(port)], cwd=clone, env=environment(), stdout=log, stderr=log
        )
        try:
            print(f"from clone to a served page, package cache as it is: {served_after(process, port, began):.1f} s")
            time.sleep(20)
            used = memory(psutil.Process(process.pid), clone / "var" / "demo")
            whole = used["desk"] + used["database"]
            print(
                f"memory, everything running, idle: {whole:.0f} MB in {used['processes']:.0f} processes"
                f" (desk {used['desk']:.0f}, database {used['database']:.0f})"
            )
            browser = opener(base)
            for name, path in PAGES.items():
                size, page = weight(browser, base, path)
                print(f"page weight, {name}: {size / 1000:.0f} kB compressed")
            ticket = re.search(r'href="(/en/desk/\d+/)"', page)
            assert ticket
            print(f"page weight, ticket: {weight(browser, base, ticket[1])[0] / 1000:.0f} kB compressed")
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
    began = time.perf_counter()
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            ["./run", "demo", "--port", str(port)], cwd=clone, env=environment(), stdout=log, stderr=log
        )
        try:
            print(f"a second start: {served_after(process, port, began):.1f} s")
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
