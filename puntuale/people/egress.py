"""The one door to addresses that people choose: what they lead to is judged where the connection is made.

A name is looked up anew for every attempt, and by libraries as they please. So the judgement stands at the socket, on
the very address that is connected to: neither a redirect, nor a name that changes its mind, nor a second request that a
library makes on its own gets around it. Python tells what a thread is about to do (`sys.addaudithook`); outside of
`guarded` blocks that is ignored.

Who answers there may be anybody, too, and so may who tells the addresses of a name. So a block has a deadline, names
are looked up by threads that it leaves behind, and of each answer no more is read than it allows.
"""

import os
import socket
import sys
import sysconfig
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial, wraps
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from django.conf import settings

from puntuale.people import lookups
from puntuale.people.deadlines import Deadline, seconds_left

if TYPE_CHECKING:
    from requests import PreparedRequest, Response, Session
    from requests.adapters import HTTPAdapter

TIMEOUT = (5, 10)
LONGEST = 15.0
"""Seconds that all may take that is done in one block."""
MOST = 65_536
"""Bytes that are read of an answer, unpacked. The rest is cut off."""
LOOKED_UP_FOR = 3.0
"""Seconds that looking up a name may take. The resolver of the machine may take a minute, and cannot be stopped."""
PRIVATE = "the address is in a private network; PUNTUALE_PRIVATE_TARGETS allows these"

GLOBAL_UNICAST, NAT64 = ip_network("2000::/3"), ip_network("64:ff9b::/96")
NEVER = tuple(
    ip_network(network)
    for network in (
        "100.64.0.0/10",  # shared by customers of one provider, and the metadata service of one cloud
        "168.63.129.16/32",  # the metadata service of another, at an address that looks public
        "192.0.0.0/24",
        "192.88.99.0/24",
        "2001::/23",  # tunnels (Teredo), overlays and the like
        "2002::/16",  # tunnels to any IPv4 address (6to4)
        "3fff::/20",
    )
)
"""What is not for everybody, in addition to what each version of Python knows of that."""


class PrivateTarget(OSError):
    """An address that is not open to everybody, while PUNTUALE_PRIVATE_TARGETS is off."""

    def __init__(self) -> None:
        super().__init__(PRIVATE)


@dataclass(slots=True)
class Guard:
    """What a thread may do while it talks to an address that somebody chose, and whether it tried something else."""

    allows_private: bool
    deadline: Deadline
    most: int
    was_private: bool = False

    def judge(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Raise for what must not be. Each of these is an OSError, as if the machine refused."""
        if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
            if not self.allows_private and not _leads_out(arguments[0].family, arguments[1]):
                self.was_private = True
                raise PrivateTarget
            if event == "socket.connect":
                self.deadline.hold(arguments[0])
        elif event == "socket.getaddrinfo":
            self.deadline.refuse_late()
        elif event == "open":
            path, _mode, flags = arguments
            if not isinstance(path, int) and (flags & os.O_ACCMODE or not os.fsdecode(path).startswith(_libraries())):
                raise PermissionError(path)
        elif event == "subprocess.Popen":
            raise PermissionError(event)


_here = threading.local()


@contextmanager
def guarded(
    *, may_be_private: bool | None = None, seconds: float | None = None, most: int | None = None
) -> Iterator[Guard]:
    """Let this thread connect to public addresses only, for so long, and open no file but those of its libraries.

    Addresses that whoever runs the desk has set may be private; all others go by PUNTUALE_PRIVATE_TARGETS.
    """
    _listen()
    before: Guard | None = getattr(_here, "guard", None)
    allows_private = settings.PRIVATE_TARGETS if may_be_private is None else may_be_private
    with Deadline(seconds_left(LONGEST if seconds is None else seconds)) as deadline:
        guard = Guard(allows_private, deadline, MOST if most is None else most)
        _here.guard = guard
        try:
            yield guard
        finally:
            _here.guard = before


def session(**bounds: Any) -> "Session":
    """Return a session whose every request is guarded, with the bounds of `guarded`.

    It follows no redirect, and uses no proxy and no password file.

    Nobody else can say where a proxy leads.
    """
    from requests import Session  # noqa: PLC0415 -- slow to load, and needed by few processes

    class GuardedSession(Session):
        def send(self, request: "PreparedRequest", **how: Any) -> "Response":
            how["allow_redirects"], how["timeout"] = False, how.get("timeout") or TIMEOUT
            with guarded(**bounds):
                return super().send(request, **how)

    made = GuardedSession()
    made.trust_env = False
    made.headers["User-Agent"] = "Puntuale"
    return made


def check(url: str) -> None:
    """Raise PrivateTarget for a URL that leads to a private address now. See `check_host`."""
    check_host(urlsplit(url).hostname or "")


def check_host(host: str) -> None:
    """Raise PrivateTarget for a host that leads to a private address now, by any of its addresses.

    A name that cannot be found now may be found tomorrow, so it is taken: every attempt judges anew.
    """
    if not settings.PRIVATE_TARGETS and not all(is_public(one) for one in _numbers_of(host)):
        raise PrivateTarget


def is_name(host: str) -> bool:
    """Tell whether a host is a number, or has the form of a name that can be looked up."""
    try:
        return is_number(host) or bool(host.encode("idna"))
    except UnicodeError:
        return False


def is_number(host: str) -> bool:
    """Tell whether a host is an IP address, of which the zone does not matter."""
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def is_found(url: str) -> bool:
    """Tell whether the host of a URL can be found now."""
    return bool(addresses_of(urlsplit(url).hostname or ""))


def addresses_of(host: str) -> list[str]:
    """Return the addresses of a host; none when it cannot be found, or not in time."""
    look_up = partial(socket.getaddrinfo, host, None, type=socket.SOCK_STREAM)
    try:
        found = lookups.within(LOOKED_UP_FOR, look_up) if host else []
    except (OSError, ValueError):
        return []
    return [str(one[4][0]) for one in found]


def is_public(address: str) -> bool:
    """Tell whether an IP address is open to everybody. One of IPv4 within one of IPv6 is unwrapped first."""
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if ip in NAT64:
            ip = IPv4Address(int(ip) & 0xFFFF_FFFF)
        elif ip.ipv4_mapped:
            ip = ip.ipv4_mapped
        elif ip not in GLOBAL_UNICAST:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not any(ip in net for net in NEVER)


def why(problem: BaseException) -> str:
    """Return in fixed words why a request got no answer: nothing of what the other side or a library says of it."""
    causes = list(_causes(problem))
    if any(isinstance(one, PrivateTarget) for one in causes):
        return PRIVATE
    kinds = {type(one).__name__ for one in causes}
    if any(isinstance(one, TimeoutError) for one in causes) or kinds & {"ConnectTimeout", "ReadTimeout"}:
        return "no answer in time"
    if "gaierror" in kinds:
        return "the name cannot be found"
    if kinds & {"SSLError", "SSLCertVerificationError"}:
        return "no encrypted connection; is its certificate valid?"
    return "no connection"


def _causes(problem: BaseException | None) -> Iterator[BaseException]:
    while problem is not None:
        yield problem
        problem = problem.__cause__ or problem.__context__


def _numbers_of(host: str) -> list[str]:
    """Return the addresses of a host, also of one that is written as a number in brackets and with a zone."""
    bare = unquote(host.strip("[]"))
    return [bare] if is_number(bare) else addresses_of(host)


def _bounded_lookup(look_up: lookups.LookUp) -> lookups.LookUp:
    """Return how names are looked up in a guarded thread: no longer than its block may last."""

    @wraps(look_up)
    def bounded(*asked: Any, **how: Any) -> list[Any]:
        guard: Guard | None = getattr(_here, "guard", None)
        if guard is None:
            return look_up(*asked, **how)
        guard.deadline.refuse_late()
        return lookups.within(min(LOOKED_UP_FOR, guard.deadline.left), partial(look_up, *asked, **how))

    return bounded


def _leads_out(family: int, address: Any) -> bool:
    """Tell whether a socket is about to reach a public address: one of the internet, and written as a number.

    A name would be looked up after we looked.
    """
    if family not in {socket.AF_INET, socket.AF_INET6}:
        return False
    try:
        return is_public(str(address[0]))
    except ValueError:
        return False


@cache
def _libraries() -> tuple[str, ...]:
    """Return the folders of Python and its libraries, from which parts are loaded when they are first needed."""
    own = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    return tuple(f"{path.rstrip(os.sep)}{os.sep}" for path in {*own, str(Path(os.__file__).parent)})


@cache
def _listen() -> None:
    """Have Python tell what threads are about to do. It cannot be asked to stop, so it is asked when first needed."""
    from requests.adapters import HTTPAdapter  # noqa: PLC0415 -- slow to load, and needed by few processes

    _libraries()
    sys.addaudithook(_judged)
    HTTPAdapter.send = _bounded(HTTPAdapter.send)  # type: ignore[method-assign]
    socket.getaddrinfo = _bounded_lookup(socket.getaddrinfo)


def _judged(event: str, arguments: tuple[Any, ...]) -> None:
    guard: Guard | None = getattr(_here, "guard", None)
    if guard is not None:
        guard.judge(event, arguments)


def _bounded(send: Callable[..., "Response"]) -> Callable[..., "Response"]:
    """Return how `requests` asks in a guarded thread: it reads no more than is allowed, and nothing too late.

    Libraries that use it on their own read an answer whole, and unpack it, however large it is.
    """
    from requests import ConnectionError as NoConnection  # noqa: PLC0415
    from requests import ReadTimeout, RequestException  # noqa: PLC0415
    from urllib3.exceptions import HTTPError  # noqa: PLC0415

    @wraps(send)
    def bounded(adapter: "HTTPAdapter", request: "PreparedRequest", *more: Any, **how: Any) -> "Response":
        guard: Guard | None = getattr(_here, "guard", None)
        if guard is None:
            return send(adapter, request, *more, **how)
        try:
            answer = send(adapter, request, *more, **how)
            with answer:
                answer._content = answer.raw.read(guard.most, decode_content=True)
            guard.deadline.refuse_late()
        except (RequestException, HTTPError, OSError, ValueError) as problem:
            if guard.deadline.is_over:
                raise ReadTimeout(request=request) from problem
            if isinstance(problem, RequestException):
                raise
            raise NoConnection(request=request) from problem
        finally:
            adapter.close()
        return answer

    return bounded
