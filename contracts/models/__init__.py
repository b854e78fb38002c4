"""The nouns of this floor."""

from contracts.models.band import ContractTier, Proportionate, ValueBand
from contracts.models.category import Category, CategoryMapping, DirectorateMapping
from contracts.models.contract import (
    ActKind,
    AgreementType,
    Contract,
    ContractSupplier,
    Regime,
    Stage,
    TriState,
    ValueBasis,
    Ward,
)
from contracts.models.life import BreakPoint, Fund, Offer, Suspension
from contracts.models.notice import Buyer, NoticeImport, NoticeItem, PublishedRecord
from contracts.models.register_import import ColumnMapping, ImportedRow, RegisterImport, RegisterRow
from contracts.models.rule import ProportionateRule
from contracts.models.stage import ChecklistAnswer, ChecklistQuestion, SupplierStatement
from contracts.models.supplier import DistinctSuppliers, Supplier, SupplierMerge, SupplierStatus

__all__ = [
    "ActKind",
    "AgreementType",
    "BreakPoint",
    "Buyer",
    "Category",
    "CategoryMapping",
    "ChecklistAnswer",
    "ChecklistQuestion",
    "ColumnMapping",
    "Contract",
    "ContractSupplier",
    "ContractTier",
    "DirectorateMapping",
    "DistinctSuppliers",
    "Fund",
    "ImportedRow",
    "NoticeImport",
    "NoticeItem",
    "Offer",
    "Proportionate",
    "ProportionateRule",
    "PublishedRecord",
    "Regime",
    "RegisterImport",
    "RegisterRow",
    "Stage",
    "Supplier",
    "SupplierMerge",
    "SupplierStatement",
    "SupplierStatus",
    "Suspension",
    "TriState",
    "ValueBand",
    "ValueBasis",
    "Ward",
]
