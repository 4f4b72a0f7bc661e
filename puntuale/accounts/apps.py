"""Accounts, as Django knows them."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The door everybody comes through."""

    name = "puntuale.accounts"
    label = "puntuale_accounts"

    def ready(self) -> None:
        """Write down what happens to accounts."""
        from puntuale.accounts import recording  # noqa: PLC0415 -- needs the tables

        recording.listen()
