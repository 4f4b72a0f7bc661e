"""Fake phones: each person's webhook on this machine, which keeps what rang and when it did."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Phones:
    """`rung` lists who was paged at which instant, with the letter. `dead` names the phones that do not answer."""

    def __init__(self, clock):
        self.rung, self.dead = [], set()
        phones = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                letter = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                name = self.path.strip("/")
                if name not in phones.dead:
                    phones.rung.append((clock.at, name, letter))
                self.send_response(503 if name in phones.dead else 204)
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def address_of(self, name):
        return f"http://127.0.0.1:{self.server.server_port}/{name}"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
