"""The embedded database: a PostgreSQL server of our own, on a Unix socket, started and stopped with the desk."""

from puntuale.conf.postgres.binaries import NoPostgres
from puntuale.conf.postgres.server import Server, ServerFailed

__all__ = ["NoPostgres", "Server", "ServerFailed"]
