"""Accounts, as Django knows them."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The door everybody comes through."""

    name = "puntuale.accounts"
    label = "puntuale_accounts"

    def ready(self) -> None:
        """Write down what happens to accounts, and keep the repair pages to what is ours."""
        from puntuale.accounts import recording, repair  # noqa: PLC0415 -- both need the tables

        recording.listen()
        repair.take_over()
