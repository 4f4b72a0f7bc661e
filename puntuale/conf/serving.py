"""`puntuale serve` and `puntuale demo`: database, web server and worker in one go."""

import logging
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from types import FrameType

import click

from puntuale.cli.asking import Failed
from puntuale.conf.environment import LOCAL_HOSTS, Environment
from puntuale.conf.home import Database, Home, HomeRefused
from puntuale.conf.postgres import NoPostgres, ServerFailed
from puntuale.conf.processes import Process, Supervisor

START_SECONDS = 60
MOST_OPEN = 16_384
WEB_SERVER = (
    *(sys.executable, "-m", "granian", "puntuale.conf.asgi:application", "--interface", "asgi", "--no-ws"),
    *("--http", "1", "--http1-buffer-size", "65536", "--backlog", "4096", "--backpressure", "8192"),
    *("--log-level", "warning", "--workers-kill-timeout", "8"),
)
"""The web server, without where it listens. A connection that waits for its client costs no thread, so many may."""

options = (
    click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on."),
    click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."),
    click.option("--web-workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Web processes."),
)


@click.command("serve")
@options[0]
@options[1]
@options[2]
def serve(*, host: str, port: int, web_workers: int) -> None:
    """Run the desk. The first start prints a link with which the first manager comes in."""
    _run(Home.of_desk(), host, port, web_workers, demo=False)


@click.command("demo")
@options[0]
@options[1]
@options[2]
def demo(*, host: str, port: int, web_workers: int) -> None:
    """Run a desk with a believable company in it, apart from the real one, and print its logins."""
    _run(Home.of_demo(), host, port, web_workers, demo=True)


def _run(home: Home, host: str, port: int, web_workers: int, *, demo: bool) -> None:
    _refuse_taken_port(host, port)
    _allow_many_connections()
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s", level=logging.INFO)
    try:
        with home.database() as database:
            # A desk that was given no names answers to the address it listens on.
            settings = {"PUNTUALE_HOSTS": f"{LOCAL_HOSTS},{_bracketed(host)}", **home.settings(database.url)}
            settings.setdefault("PUNTUALE_URL", _address(settings, host, port))
            prepared = _prepared(settings, demo=demo)
            processes = [_web(settings, host, port, web_workers), _worker(settings, database)]
            _keep_running(Supervisor(processes, database.server), settings, host, port, prepared)
    except (HomeRefused, NoPostgres, ServerFailed) as problem:
        raise Failed(str(problem)) from problem


def _prepared(settings: Mapping[str, str], *, demo: bool) -> list[str]:
    """Prepare the desk and return what a person should be told."""
    # In a process of its own, so that this one stays small for as long as the desk runs.
    prepare = [sys.executable, "-m", "puntuale", "prepare", *(["--demo"] if demo else [])]
    prepared = subprocess.run(prepare, env=dict(settings), stdout=subprocess.PIPE, text=True, check=False)
    if prepared.returncode:
        raise Failed("The desk could not be prepared; see above.")
    return prepared.stdout.splitlines()


def _keep_running(
    supervisor: Supervisor, settings: Mapping[str, str], host: str, port: int, prepared: list[str]
) -> None:
    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        supervisor.stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        supervisor.start()
        _wait_until_served(supervisor, settings, host, port)
        click.echo("\n".join(_greeting(_address(settings, host, port), prepared)))
        supervisor.watch()
    finally:
        supervisor.stop()


def _web(settings: Mapping[str, str], host: str, port: int, workers: int) -> Process:
    command = [*WEB_SERVER, "--host", host, "--port", str(port), "--workers", str(workers)]
    command += ["--respawn-failed-workers"]
    return Process("web", command, settings)


def _worker(settings: Mapping[str, str], database: Database) -> Process:
    # Without the address of the embedded server it joins it as a user, and stops it as the last when we were killed.
    joining = {name: value for name, value in settings.items() if name != "DATABASE_URL" or database.server is None}
    return Process("worker", [sys.executable, "-m", "puntuale", "work"], joining)


def _allow_many_connections() -> None:
    """Let each process hold as many connections as the system allows; the usual default is 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_OPEN if hard == resource.RLIM_INFINITY else min(hard, MOST_OPEN)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _refuse_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise Failed(
                f"{host}:{port} cannot be listened on: {problem.strerror}. Choose another with --port."
            ) from problem


def _wait_until_served(supervisor: Supervisor, settings: Mapping[str, str], host: str, port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not supervisor.stopping.is_set():
        try:
            status = _status(settings, host, port)
        except (OSError, HTTPException) as problem:
            said = str(problem)
        else:
            # Whatever it thinks of the request, it serves, unless it fails.
            if status < 500:
                return
            said = f"HTTP status {status}"
        if any(process.has_died() for process in supervisor.processes) or time.monotonic() > deadline:
            raise Failed(f"The web server did not answer: {said}")
        time.sleep(0.1)


def _status(settings: Mapping[str, str], host: str, port: int) -> int:
    """Return the status with which the web server answers, asked where it listens by a name that it answers to."""
    place = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 -- compared, not listened on
    with closing(HTTPConnection(place, port, timeout=5)) as connection:
        connection.request("GET", "/en/guarantee.json", headers={"Host": _name(settings, host)})
        return connection.getresponse().status


def _address(settings: Mapping[str, str], host: str, port: int) -> str:
    """Return where people find the desk: where it listens, or by its name behind a proxy that speaks HTTPS."""
    name = _name(settings, host)
    return f"https://{name}" if Environment(settings).flag("PUNTUALE_HTTPS") else f"http://{name}:{port}"


def _name(settings: Mapping[str, str], host: str) -> str:
    """Return a name the desk is reached by: that of the address it listens on, else the first of PUNTUALE_HOSTS."""
    names = [name.removeprefix(".") for name in Environment(settings).names("PUNTUALE_HOSTS", LOCAL_HOSTS)]
    here = "localhost" if host == "127.0.0.1" else _bracketed(host)
    return here if here in names or "*" in names else next(iter(names), here)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _greeting(address: str, told: list[str]) -> list[str]:
    lines = [
        "",
        f"  Puntuale is served at {address}/",
        f"  The published guarantee: {address}/en/guarantee/  {address}/it/garanzia/",
    ]
    logins = [line.split(" ", 3)[1:] for line in told if line.startswith("login ")]
    if logins:
        width = max(len(email) for email, _, _ in logins)
        lines += ["", f"  Sign in at {address}/en/sign-in/ with the password {logins[0][1]} as"]
        lines += [f"    {email:<{width}}  {who}" for email, _, who in logins]
    for line in told:
        if line.startswith("welcome "):
            lines += [
                "",
                "  The first manager comes in here, once, within a week:",
                f"    {address}{line.split(' ', 1)[1]}",
            ]
    return [*lines, "", "  Stop with Ctrl-C.", ""]
