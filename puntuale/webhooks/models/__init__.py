"""The tables of this room."""

from puntuale.webhooks.models.delivery import Delivery
from puntuale.webhooks.models.endpoint import Endpoint
from puntuale.webhooks.models.incoming import IncomingCall, IncomingHook, PhoneNumber

__all__ = ["Delivery", "Endpoint", "IncomingCall", "IncomingHook", "PhoneNumber"]
