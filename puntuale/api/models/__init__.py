"""What the machines' door remembers. Nothing in here loads the machinery that serves requests."""

from puntuale.api.models.kept_answer import KeptAnswer
from puntuale.api.models.spending import Spending

__all__ = ["KeptAnswer", "Spending"]
