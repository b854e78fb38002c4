"""The nouns of this floor."""

from contracts.models.category import Category, CategoryMapping, DirectorateMapping
from contracts.models.contract import (
    AgreementType,
    Contract,
    ContractSupplier,
    Regime,
    Stage,
    TriState,
    ValueBasis,
    Ward,
)
from contracts.models.register_import import ColumnMapping, ImportedRow, RegisterImport, RegisterRow
from contracts.models.supplier import Supplier

__all__ = [
    "AgreementType",
    "Category",
    "CategoryMapping",
    "ColumnMapping",
    "Contract",
    "ContractSupplier",
    "DirectorateMapping",
    "ImportedRow",
    "Regime",
    "RegisterImport",
    "RegisterRow",
    "Stage",
    "Supplier",
    "TriState",
    "ValueBasis",
    "Ward",
]
