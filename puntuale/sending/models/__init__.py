"""The tables of this room."""

from puntuale.sending.models.intent import Intent

__all__ = ["Intent"]
