"""A small HTTP client: it keeps connections, and costs the machine that it shares with the server next to nothing."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Asking:
    """Asks servers on this machine, each by its port. A connection that was closed meanwhile is opened anew, once."""

    idle: dict[int, list[Connection]] = field(default_factory=lambda: defaultdict(list))

    async def ask(self, port: int, method: str, path: str, headers: Mapping[str, str], sent: bytes = b"") -> Answer:
        """Return the answer. Raises OSError, EOFError when the server cannot be reached."""
        said = f"{method} {path} HTTP/1.1\r\n".encode()
        lines = {"Host": "localhost", "Accept-Encoding": "gzip", "Content-Length": str(len(sent)), **headers}
        said += "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode() + b"\r\n" + sent
        if self.idle[port]:
            try:
                return await self._over(self.idle[port].pop(), port, said)
            except (OSError, EOFError):
                pass  # The server closed it while nobody asked; what was said did not arrive.
        return await self._over(await asyncio.open_connection("127.0.0.1", port), port, said)

    async def form(self, port: int, path: str, headers: Mapping[str, str], fields: Mapping[str, object]) -> Answer:
        """Return the answer to a form."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return await self.ask(port, "POST", path, {**headers, **kind}, urlencode(fields).encode())

    async def close(self) -> None:
        """Let go of all connections."""
        for connections in self.idle.values():
            for _, writer in connections:
                writer.close()
        self.idle.clear()

    async def _over(self, connection: Connection, port: int, said: bytes) -> Answer:
        reader, writer = connection
        try:
            writer.write(said)
            await writer.drain()
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.rstrip().split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            status = int(first.split()[1])
            body = b"" if status in {204, 304} else await _body(reader, headers)
        except BaseException:
            writer.close()
            raise
        self.idle[port].append(connection)
        return Answer(status, headers, body)


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if "chunked" not in headers.get("transfer-encoding", ""):
        return await reader.readexactly(int(headers.get("content-length", 0)))
    whole = b""
    while size := int(await reader.readline(), 16):
        whole += (await reader.readexactly(size + 2))[:size]
    await reader.readline()
    return whole
