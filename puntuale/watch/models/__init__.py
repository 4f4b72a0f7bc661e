"""The tables of this room."""

from puntuale.watch.models.alarm import Alarm
from puntuale.watch.models.heartbeat import Heartbeat
from puntuale.watch.models.outside import OutsideBeat
from puntuale.watch.models.watched import Watched

__all__ = ["Alarm", "Heartbeat", "OutsideBeat", "Watched"]
