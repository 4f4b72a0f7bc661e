"""A mail server that writes down what it took, and goes wrong in all the ways mail servers do."""

import asyncio
import random
from contextlib import closing
from socket import create_server

from aiosmtpd.controller import Controller

from tests.torture.book import now

WAYS = ("breaks off", "refuses", "hangs", "drops after taking", "hangs after taking")
"""How it can go wrong, beside being well."""
LONGER_THAN_THEIR_PATIENCE = 15


class Post:
    """`way` is how it goes at present. Each letter it took is a line of its book: by which key, to whom, from when on."""

    def __init__(self, book, chance):
        self.book, self.chance, self.way = book, chance, "well"
        with closing(create_server(("127.0.0.1", 0))) as free:
            self.port = free.getsockname()[1]
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def start(self):
        """Begin to take letters."""
        self.controller.start()

    def stop(self):
        """Take no more."""
        self.controller.stop()

    async def handle_EHLO(self, server, session, _envelope, hostname, responses):  # noqa: N802
        """A conversation begins."""
        session.host_name, session.began = hostname, now()
        if self.way == "breaks off":
            server.transport.abort()
        return responses

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        """Say whether letters to an address are taken."""
        if self.way == "refuses":
            return "451 not now"
        if self.way == "hangs":
            await asyncio.sleep(LONGER_THAN_THEIR_PATIENCE)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        """Take a letter, after a while in which its sender may die."""
        await asyncio.sleep(self.chance.uniform(0.02, 0.4))
        way = self.way if self.way != "well" or self.chance.random() > 0.02 else "drops after taking"
        lines = envelope.content.decode().splitlines()
        key = next(line for line in lines if line.startswith("Message-ID")).split("<")[1].split("@")[0]
        self.book.note("letter", key=key, to=envelope.rcpt_tos[0], began=session.began, way=way, channel="email")
        if way == "drops after taking":
            server.transport.abort()
        if way == "hangs after taking":
            await asyncio.sleep(LONGER_THAN_THEIR_PATIENCE)
        return "250 OK"


def any_way(chance: random.Random):
    """One of the ways to go wrong."""
    return chance.choice(WAYS)
