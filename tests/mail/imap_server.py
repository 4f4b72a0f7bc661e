"""A small IMAP server for tests, on this machine: one mailbox, with what a client of ours asks for."""

import re
import socket
import threading


class FakeImap:
    """Speaks with one client at a time until it is closed. `fails` is a word for what it does wrong."""

    def __init__(self, mails=(), *, idles=True, fails=""):
        self.mails, self.flags = list(mails), {}
        self.first, self.validity = 1, 7
        self.idles, self.fails = idles, fails
        self.asked, self.fetched = [], []
        self.arrived = threading.Event()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self):
        self._ended.set()
        with socket.socket() as last:
            last.settimeout(1)
            last.connect_ex(("127.0.0.1", self.port))
        self._server.close()
        self._thread.join(5)

    def add(self, raw):
        self.mails.append(raw)
        self.arrived.set()

    def _serve(self):
        while not self._ended.is_set():
            client, _ = self._server.accept()
            with client, client.makefile("rwb") as stream:
                if not self._ended.is_set():
                    try:
                        self._speak(stream)
                    except (OSError, ValueError):
                        continue

    def _say(self, stream, text):
        stream.write(text.encode() + b"\r\n")
        stream.flush()

    def _speak(self, stream):
        if self.fails == "silent":
            self._ended.wait(20)
            return
        self._say(stream, "* OK fake")
        while line := stream.readline().decode().strip():
            tag, _, rest = line.partition(" ")
            self.asked.append(rest)
            word = rest.upper().split()[0]
            if word == "CAPABILITY":
                self._say(stream, "* CAPABILITY IMAP4rev1" + (" IDLE" if self.idles else ""))
            elif word == "LOGIN" and self.fails == "login":
                self._say(stream, f"{tag} NO [AUTHENTICATIONFAILED] Token of user has expired")
                continue
            elif word == "SELECT":
                self._say(stream, f"* {len(self.mails)} EXISTS")
                self._say(stream, f"* OK [UIDVALIDITY {self.validity}] valid")
            elif word == "IDLE":
                self._idle(stream)
            elif word == "UID":
                self._uid(stream, rest[4:])
            self._say(stream, f"{tag} OK done")
            if word == "LOGOUT":
                return

    def _idle(self, stream):
        self._say(stream, "+ idling")
        if self.arrived.wait(10):
            self.arrived.clear()
            self._say(stream, f"* {len(self.mails)} EXISTS")
        stream.readline()

    def _uids(self):
        return range(self.first, self.first + len(self.mails))

    def _uid(self, stream, rest):
        if found := re.fullmatch(r"SEARCH (?:CHARSET \S+ )?(.*)", rest):
            self._say(stream, "* SEARCH " + " ".join(map(str, self._found(found[1]))))
        elif found := re.fullmatch(r"FETCH (\d+) \((.*)\)", rest):
            self._fetch(stream, int(found[1]), found[2])
        elif found := re.match(r"STORE (\d+) \+FLAGS", rest):
            self.flags[int(found[1])] = "seen"

    def _found(self, asked):
        uids = list(self._uids())
        if "UNSEEN" in asked:
            return [uid for uid in uids if uid not in self.flags]
        if asked == "UID *":
            return uids[-1:]
        if since := re.fullmatch(r"UID (\d+):\*", asked):
            # As the standard wants it, the last one is always in it.
            return sorted({*(uid for uid in uids if uid >= int(since[1])), *uids[-1:]})
        return uids

    def _fetch(self, stream, uid, what):
        raw, number = self.mails[uid - self.first], uid - self.first + 1
        if what == "RFC822.SIZE":
            self._say(stream, f"* {number} FETCH (UID {uid} RFC822.SIZE {len(raw)})")
            return
        self.fetched.append((uid, what))
        if self.fails == "breaks" and len(self.fetched) == 3:
            self.fails = ""
            raise OSError("it broke")
        if span := re.search(r"<(\d+)\.(\d+)>", what):
            raw = raw[int(span[1]) : int(span[1]) + int(span[2])]
        if "HEADER" in what:
            raw = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        stream.write(f"* {number} FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")
        stream.flush()
