"""A webhook receiver that writes down what it took, and goes wrong in all the ways they do."""

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from tests.torture.book import now
from tests.torture.post import LONGER_THAN_THEIR_PATIENCE


class Hook:
    """`way` is how it goes at present, as with the mail server. What it took is a line of the same book."""

    def __init__(self, book, chance):
        self.book, self.chance, self.way = book, chance, "well"
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self.server.daemon_threads = True

    @property
    def address(self):
        """Where it listens. Everybody has a path of her own."""
        return f"http://127.0.0.1:{self.server.server_port}/"

    def start(self):
        """Begin to take what comes."""
        Thread(target=self.server.serve_forever, name="hook", daemon=True).start()

    def stop(self):
        """Take no more."""
        self.server.shutdown()
        self.server.server_close()

    def takes(self, path, key, body, began):
        """Write down what came, and return the way it goes."""
        time.sleep(self.chance.uniform(0.02, 0.2))
        way = self.way if self.way != "well" or self.chance.random() > 0.02 else "drops after taking"
        told = json.loads(body)
        to = self.address + path.removeprefix("/")
        self.book.note("letter", key=key, to=to, began=began, way=way, channel="webhook", link=told["link"])
        return way


def _handler_of(hook):
    class Handler(BaseHTTPRequestHandler):
        """One request at a time."""

        def setup(self):
            super().setup()
            self.began = now()

        def do_POST(self):
            """Take a letter, or not."""
            if hook.way == "breaks off":
                return
            if hook.way == "refuses":
                self.send_error(503)
                return
            if hook.way == "hangs":
                time.sleep(LONGER_THAN_THEIR_PATIENCE)
                return
            body = self.rfile.read(int(self.headers["Content-Length"]))
            way = hook.takes(self.path, self.headers["webhook-id"], body, self.began)
            if way == "hangs after taking":
                time.sleep(LONGER_THAN_THEIR_PATIENCE)
            if way == "well":
                self.send_response(204)
                self.end_headers()

        def log_message(self, *_told):
            """Say nothing."""

    return Handler
