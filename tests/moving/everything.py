"""A desk with a row in every table, with the oddest values that its columns can hold; and what a desk has, to compare."""

import hashlib
import uuid
from datetime import UTC, date, datetime, time, timedelta

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import DatabaseError, connection, models, transaction

from puntuale.moving.exporting import stored_files
from puntuale.moving.tables import LEFT_OUT, exported_tables

ODD = 'ö\u2028\\n\t"{}\u0001😀 ﷽\r\n'
WHEN = datetime(2026, 11, 20, 15, 0, 0, 123457, tzinfo=UTC)
VALUES = (
    (models.ForeignKey, lambda field: _key_of(field)),  # noqa: PLW0108 -- it stands below
    (models.BooleanField, lambda _: True),
    (models.DateTimeField, lambda field: WHEN + timedelta(hours=field.creation_counter % 1000)),
    (models.DateField, lambda _: date(2026, 2, 28)),
    (models.TimeField, lambda _: time(1, 2, 3)),
    (models.FloatField, lambda _: 0.1 + 0.2),
    (models.IntegerField, lambda field: 60 + field.creation_counter % 1000),
    (models.UUIDField, lambda _: uuid.uuid4()),
    (models.BinaryField, lambda _: bytes(range(256)) * 3),
    (ArrayField, lambda field: _array(field)),  # noqa: PLW0108
    (models.JSONField, lambda _: {"ü": [None, 1, 1.0, 1e30, ODD], "": {"b": {}}}),
    (models.GenericIPAddressField, lambda _: "2001:db8::1"),
    (SearchVectorField, lambda _: None),
    (models.TextField, lambda _: ODD),
    (models.CharField, lambda field: ODD[: field.max_length]),
)


def fill():
    """Give every table that has no row one, and return the labels of those that take none."""
    empty = [one for one in apps.get_models(include_auto_created=True) if not _has_rows(one)]
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    try:
        for _ in range(3):
            empty = [one for one in empty if one._meta.label not in LEFT_OUT and not _filled(one)]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = origin")
    return {one._meta.label for one in empty}


def state():
    """Return all rows of all tables of an export but the secrets, the sequences, and the files."""
    rows = {}
    with connection.cursor() as cursor:
        for table in exported_tables():
            columns = ", ".join(f'"{one}"' for one in table.columns)
            cursor.execute(f'SELECT row_to_json(r)::text FROM (SELECT {columns} FROM "{table.name}" ORDER BY 1) r')
            rows[table.label] = [line for (line,) in cursor.fetchall()]
        cursor.execute(
            "SELECT sequencename::text, last_value FROM pg_sequences WHERE sequencename NOT LIKE 'procrastinate%'"
        )
        behind = {apps.get_model(label)._meta.db_table for label in LEFT_OUT}
        sequences = {name: last for name, last in cursor.fetchall() if name.removesuffix("_id_seq") not in behind}
    files = {
        digest: hashlib.sha256(place.read_bytes()).hexdigest() for digest, place in stored_files() if place.is_file()
    }
    return rows, sequences, files


def _has_rows(model):
    return model._base_manager.exists()


def _filled(model):
    """Give a table one row: with everything in it, with nothing that may be empty, or with one of those."""
    fields = [one for one in model._meta.concrete_fields if not isinstance(one, models.AutoField)]
    optional = [one for one in fields if one.null]
    for left_out in [[], optional, *([other for other in optional if other is not one] for one in optional)]:
        values = {one.attname: _value(one) for one in fields if one not in left_out}
        try:
            with transaction.atomic():
                model._base_manager.bulk_create([model(**values)])
        except DatabaseError:
            continue
        return True
    return False


def _value(field):
    if field.choices:
        return field.flatchoices[0][0]
    return next(make for kind, make in VALUES if isinstance(field, kind))(field)


def _key_of(field):
    return field.related_model._base_manager.order_by("pk").values_list(field.target_field.attname, flat=True).first()


def _array(field):
    return [ODD, ""] if isinstance(field.base_field, models.CharField | models.TextField) else [1, 2]
