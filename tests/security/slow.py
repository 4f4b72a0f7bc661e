"""Servers that are slow, or say too much, on purpose."""

import gzip
import socket
import threading
from contextlib import contextmanager

PIECE = b"x" * 65_536
BOMB = gzip.compress(b"0" * 200_000_000, 9)


def drips_headers(send, over):
    send(b"HTTP/1.1 200 OK\r\nX-A: ")
    while not over.wait(0.05):
        send(b"b")


def drips_its_body(send, over):
    send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while not over.wait(0.05):
        send(b"b")


def drips_until_it_hangs_up(send, over):
    send(b"HTTP/1.1 200 OK\r\n\r\n")
    while not over.wait(0.05):
        send(b"b")


def goes_on_in_a_while(send, over):
    while not over.wait(0.05):
        send(b"HTTP/1.1 100 Continue\r\n\r\n")


def never_ends(send, over):
    send(b"HTTP/1.1 200 OK\r\n\r\n")
    while not over.is_set():
        send(PIECE)


def never_ends_in_pieces(send, over):
    send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not over.is_set():
        send(b"10000\r\n" + PIECE + b"\r\n")


def unpacks_to_a_lot(send, over):
    send(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB) + BOMB)


def says_nothing(send, over):
    over.wait(60)


DRIPPING = [drips_headers, drips_its_body, drips_until_it_hangs_up, goes_on_in_a_while, says_nothing]
ENDLESS = [never_ends, never_ends_in_pieces, unpacks_to_a_lot]


@contextmanager
def served(behaviour):
    """Serve on this machine until the block ends, and tell where."""
    over, threads = threading.Event(), []
    listening = socket.create_server(("127.0.0.1", 0))

    def answer(connection):
        with connection:
            try:
                connection.recv(65_536)
                behaviour(connection.sendall, over)
            except OSError:
                return

    def accept():
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=answer, args=(connection,), daemon=True))
            threads[-1].start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield f"127.0.0.1:{listening.getsockname()[1]}"
    finally:
        over.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        for thread in [accepting, *threads]:
            thread.join(10)
