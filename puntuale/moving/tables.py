"""Which tables an export has, which columns of them, and what stays behind."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import GeneratedField, JSONField, Model

from puntuale.privacy.data_map import SECRET

LEFT_OUT: Mapping[str, str] = MappingProxyType(
    {
        "sessions.Session": "secret: people sign in again",
        "usersessions.UserSession": "belongs to sessions, which stay behind",
        "account.EmailConfirmation": "nothing but a secret, valid for days",
        "mfa.Authenticator": "nothing but a secret: second factors are set up again",
        "socialaccount.SocialToken": "nothing but a secret",
        "api.KeptAnswer": "found by a secret only, kept for a day",
        "api.Spending": "counts the requests of the last minute",
        "watch.Heartbeat": "tells which workers of that desk run",
        "procrastinate.ProcrastinateEvent": "the log of the queue",
        "procrastinate.ProcrastinateJob": "may hold secrets; what has to be done is queued anew from its rows",
        "procrastinate.ProcrastinatePeriodicDefer": "when the worker's own tasks ran",
        "procrastinate.ProcrastinateWorker": "tells which workers of that desk run",
    }
)
"""Tables that are in no export, and why. Passwords, tokens and other secret columns are in none either."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the database as an export has it: its columns, and those of them that stay behind as secrets."""

    label: str
    name: str
    key: str
    columns: tuple[str, ...]
    secrets: tuple[str, ...]
    json_columns: frozenset[str]

    @property
    def file(self) -> str:
        """Return the name of the file that holds its rows."""
        return f"{self.label.lower()}.jsonl"


def exported_tables() -> Iterator[Table]:
    """Yield all tables of an export."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and model._meta.label not in LEFT_OUT:
            yield _table(model)


def schema() -> list[str]:
    """Return the newest migrations, which say what the tables look like."""
    leaves = MigrationLoader(connection).graph.leaf_nodes()
    return sorted(f"{app}.{name}" for app, name in leaves)


def _table(model: type[Model]) -> Table:
    fields = [one for one in model._meta.concrete_fields if not isinstance(one, GeneratedField)]
    secret = SECRET.get(model._meta.label, "").split()
    columns = {one: one.column for one in fields if one.column}
    return Table(
        label=model._meta.label,
        name=model._meta.db_table,
        key=next(column for one, column in columns.items() if one.primary_key),
        columns=tuple(column for one, column in columns.items() if one.name not in secret),
        secrets=tuple(column for one, column in columns.items() if one.name in secret),
        json_columns=frozenset(
            column for one, column in columns.items() if isinstance(one, JSONField) and not one.null
        ),
    )
