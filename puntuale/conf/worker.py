"""What runs in the worker."""

from procrastinate import App


def register(app: App) -> None:
    """Register the tasks."""
