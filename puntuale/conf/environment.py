"""What the environment says. Every setting is read and checked here, and everything wrong with them is told at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Any
from urllib.parse import unquote, urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

SHORTEST_SECRET = 32
LOCAL_HOSTS = "localhost,127.0.0.1,[::1]"
GUESSABLE = ("changeme", "change-me", "secret", "insecure", "password", "example")


class SettingsRefused(RuntimeError):
    """Settings that are missing or make no sense, all of them."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("Puntuale cannot start with these settings:\n" + "\n".join(f"  - {told}" for told in problems))
        self.problems = problems


@dataclass(slots=True)
class Environment:
    """Reads settings from the environment's variables and collects what is wrong with them."""

    variables: Mapping[str, str]
    problems: list[str] = field(default_factory=list)

    def text(self, name: str, default: str | None = None) -> str:
        """Return a setting, or its default. Quotes around it, which some tools leave in, are taken off."""
        value = self.variables.get(name, "").strip()
        if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        if value:
            return value
        if default is None:
            self.problems.append(f"{name} is not set")
        return default or ""

    def flag(self, name: str) -> bool:
        """Return a setting that is on or off; off when it is not set."""
        value = self.text(name, "off").lower()
        if value not in {"on", "off", "true", "false", "yes", "no", "1", "0"}:
            self.problems.append(f'{name} is "{value}"; it is either on or off')
        return value in {"on", "true", "yes", "1"}

    def one_of(self, name: str, choices: tuple[str, ...]) -> str:
        """Return a setting that is one of some words, by default the first."""
        value = self.text(name, choices[0]).lower()
        if value not in choices:
            self.problems.append(f'{name} is "{value}"; it is one of {", ".join(choices)}')
        return value

    def count(self, name: str, default: int) -> int:
        """Return a setting that is a number from one up."""
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdecimal() and 0 < int(value) < 10**9):
            self.problems.append(f'{name} is "{value}"; it is a number from 1 up')
            return default
        return int(value)

    def limit(self, name: str, default: int) -> int | None:
        """Return a setting that is a number from one up, or None where it is `off`."""
        return None if self.text(name, "") == "off" else self.count(name, default)

    def names(self, name: str, default: str) -> list[str]:
        """Return a setting that is a list of names with commas between them."""
        return [part.strip() for part in self.text(name, default).split(",") if part.strip()]

    def secret(self, name: str) -> str:
        """Return a secret. One that is short or could be guessed is refused."""
        value = self.text(name)
        if value and (len(value) < SHORTEST_SECRET or any(word in value.lower() for word in GUESSABLE)):
            self.problems.append(
                f"{name} could be guessed; use at least {SHORTEST_SECRET} random characters, for example from"
                " python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        return value

    def database(self, name: str) -> dict[str, str]:
        """Return the parts of a PostgreSQL connection URL as Django names them."""
        url = self.text(name)
        if not url:
            return {}
        if not url.startswith(("postgres://", "postgresql://")):
            scheme = url.split(":", maxsplit=1)[0]
            self.problems.append(
                f"{name} is for {scheme}; Puntuale runs on PostgreSQL: postgresql://user@host/database"
            )
            return {}
        try:
            parts = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None}
        except ProgrammingError as problem:
            self.problems.append(f"{name} cannot be read: {str(problem).strip()}")
            return {}
        if not parts.get("dbname"):
            self.problems.append(f"{name} names no database: postgresql://user@host/database")
        return parts

    def check(self) -> None:
        """Raise SettingsRefused when anything was wrong."""
        if self.problems:
            raise SettingsRefused(self.problems)

    def mail_server(self, name: str) -> dict[str, Any]:
        """Return the parts of a mail server's URL as Django names them: `smtp://`, `smtp+starttls://`, `smtps://`.

        Nothing when it is not set: then no mail is sent.
        """
        url = self.text(name, "")
        if not url:
            return {}
        parts = urlsplit(url)
        ports = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
        try:
            port = parts.port
        except ValueError:
            port = -1
        if parts.scheme not in ports or not parts.hostname or port == -1:
            self.problems.append(
                f"{name} cannot be read; it looks like smtp+starttls://user:password@mail.example.com:587"
            )
            return {}
        return {
            "host": parts.hostname,
            "port": port or ports[parts.scheme],
            "user": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "ssl": parts.scheme == "smtps",
            "starttls": parts.scheme == "smtp+starttls",
        }

    def mailbox(self, name: str) -> dict[str, Any]:
        """Return the parts of a mailbox's URL: `imaps://`, `imap+starttls://`, `imap://`; none when it is not set."""
        url = self.text(name, "")
        if not url:
            return {}
        parts = urlsplit(url)
        kinds = {"imaps": ("ssl", 993), "imap+starttls": ("starttls", 143), "imap": ("", 143)}
        try:
            port = parts.port
        except ValueError:
            port = -1
        if parts.scheme not in kinds or not parts.hostname or not parts.username or port == -1:
            self.problems.append(f"{name} cannot be read; it looks like imaps://user:password@mail.example.com/INBOX")
            return {}
        security, usual = kinds[parts.scheme]
        return {
            "host": parts.hostname,
            "port": port or usual,
            "user": unquote(parts.username),
            "password": unquote(parts.password or ""),
            "folder": unquote(parts.path.strip("/")) or "INBOX",
            "security": security,
        }

    def listening(self, name: str) -> tuple[str, int] | None:
        """Return a host and a port to listen at, or None when it is not set."""
        value = self.text(name, "")
        host, _, port = value.rpartition(":")
        if value and not (host and port.isdecimal() and 0 < int(port) < 65_536):
            self.problems.append(f'{name} is "{value}"; it looks like 127.0.0.1:8024')
            return None
        return (host.strip("[]"), int(port)) if value else None

    def address(self, name: str) -> str:
        """Return a setting that is an e-mail address, with or without a name before it; nothing when it is not set."""
        value = self.text(name, "")
        local, _, domain = parseaddr(value)[1].rpartition("@")
        if value and (not local or not domain or "+" in local):
            self.problems.append(f'{name} is "{value}"; it looks like Support <support@example.com>, without a plus')
        return value

    def domain_of(self, name: str, sender: str) -> str:
        """Return the domain of the address that a setting names as the sender."""
        local, _, domain = parseaddr(sender)[1].rpartition("@")
        if not local or not domain:
            self.problems.append(f'{name} is "{sender}"; it looks like Support <support@example.com>')
        return domain
