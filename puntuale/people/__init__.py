"""Organisations and persons, their roles, and how they get in."""
