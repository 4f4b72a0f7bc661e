"""The tables of this room."""

from puntuale.agreements.models.contract import Contract
from puntuale.agreements.models.desk import DeskSettings
from puntuale.agreements.models.draft import AgreementDraft
from puntuale.agreements.models.ending import EndingNotice
from puntuale.agreements.models.product import Product
from puntuale.agreements.models.publication import Publication

__all__ = ["AgreementDraft", "Contract", "DeskSettings", "EndingNotice", "Product", "Publication"]
