"""The room in which promises are tried."""

from django.apps import AppConfig


class WhatIfConfig(AppConfig):
    """Owns what managers tried, and what came of it."""

    name = "puntuale.whatif"
    label = "whatif"
