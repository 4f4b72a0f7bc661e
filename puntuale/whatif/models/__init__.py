"""The tables of this room."""

from puntuale.whatif.models.trial import Log, Trial

__all__ = ["Log", "Trial"]
