"""Every column that holds text is tagged: personal, secret, or neither."""

from django.apps import apps
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from puntuale.privacy.data_map import NEITHER, PERSONAL, SECRET

TEXT = (models.CharField, models.TextField, models.JSONField, models.GenericIPAddressField, SearchVectorField)
NOT_OURS = {"procrastinate", "contenttypes", "auth", "allauth_idp_oidc"}
"""What these keep is about no person: jobs, names of tables, rights that we do not use, the server that tests run."""


def columns():
    for model in apps.get_models():
        if model._meta.app_label in NOT_OURS:
            continue
        for column in model._meta.concrete_fields:
            if isinstance(column, TEXT):
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
