"""The tables of this room."""

from puntuale.webhooks.models.delivery import Delivery
from puntuale.webhooks.models.endpoint import Endpoint

__all__ = ["Delivery", "Endpoint"]
