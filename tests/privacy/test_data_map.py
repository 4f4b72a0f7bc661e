"""Every column that holds text is tagged: personal, secret, or neither."""

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, HStoreField, IntegerRangeField
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from puntuale.people.models import Person
from puntuale.privacy.data_map import NEITHER, PERSONAL, SECRET, can_hold_words

NOT_OURS = {"procrastinate", "contenttypes", "auth", "allauth_idp_oidc"}
"""What these keep is about no person: jobs, names of tables, rights that we do not use, the server that tests run."""


def columns():
    for model in apps.get_models():
        if model._meta.app_label in NOT_OURS:
            continue
        for column in model._meta.concrete_fields:
            if can_hold_words(column):
                yield f"{model._meta.app_label}.{model.__name__}", column.name


def tagged():
    return [
        (table, column)
        for tags in (PERSONAL, SECRET, NEITHER)
        for table, names in tags.items()
        for column in names.split()
    ]


def test_every_text_column_is_tagged_once():
    assert sorted(columns()) == sorted(tagged())


class Wordy(models.Field):
    """A kind of column that nobody has thought of."""


class CountedWords(models.IntegerField):
    """What is made of a kind without words may keep something else."""


@pytest.mark.parametrize(
    "column",
    [
        models.CharField(), models.TextField(), models.EmailField(), models.SlugField(), models.URLField(),
        models.JSONField(), models.GenericIPAddressField(), models.BinaryField(), models.FileField(),
        models.FilePathField(), SearchVectorField(), HStoreField(), ArrayField(models.CharField()),
        ArrayField(ArrayField(models.TextField())), ArrayField(models.JSONField()), Wordy(), CountedWords(),
        models.ForeignKey(Person, models.CASCADE, to_field="email"),
        models.GeneratedField(expression=models.F("x"), output_field=models.TextField(), db_persist=True),
    ],
    ids=lambda column: type(column).__name__,
)  # fmt: skip
def test_whatever_can_hold_words_has_to_be_tagged(column):
    assert can_hold_words(column)


@pytest.mark.parametrize(
    "column",
    [
        models.IntegerField(), models.BooleanField(), models.DateTimeField(), models.DateField(), models.UUIDField(),
        models.BigAutoField(primary_key=True), models.DurationField(), models.FloatField(), DateTimeRangeField(),
        IntegerRangeField(), ArrayField(models.IntegerField()), ArrayField(ArrayField(models.UUIDField())),
        models.ForeignKey(Person, models.CASCADE), models.OneToOneField(Person, models.CASCADE),
    ],
    ids=lambda column: type(column).__name__,
)  # fmt: skip
def test_what_cannot_does_not(column):
    assert not can_hold_words(column)
