"""The tables of this room."""

from puntuale.privacy.models.retention import Forgotten, Retention

__all__ = ["Forgotten", "Retention"]
