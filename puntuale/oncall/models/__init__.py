"""The tables of this room."""

from puntuale.oncall.models.chain import Chain, Step, Target
from puntuale.oncall.models.contact import Contact
from puntuale.oncall.models.notice import Feed, GapNotice, HandOver
from puntuale.oncall.models.paging import Acknowledgement, InVain, Page, Paging
from puntuale.oncall.models.rota import Layer, Place, Rota
from puntuale.oncall.models.span import Cover, TimeOff

__all__ = [
    "Acknowledgement",
    "Chain",
    "Contact",
    "Cover",
    "Feed",
    "GapNotice",
    "HandOver",
    "InVain",
    "Layer",
    "Page",
    "Paging",
    "Place",
    "Rota",
    "Step",
    "Target",
    "TimeOff",
]
