"""The tables of this room."""

from puntuale.agreements.models.contract import Contract
from puntuale.agreements.models.product import Product
from puntuale.agreements.models.publication import Publication

__all__ = ["Contract", "Product", "Publication"]
