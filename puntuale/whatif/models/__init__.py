"""The tables of this room."""

from puntuale.whatif.models.trial import Trial

__all__ = ["Trial"]
