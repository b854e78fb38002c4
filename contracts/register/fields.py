"""The fields a register can fill, and the headings under which councils publish them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One field: its name, what pages call it, how its cells are read, and known headings, best first."""

    name: str
    label: str
    kind: str
    variants: tuple[str, ...]
    longest: int = 0


FIELDS: tuple[Field, ...] = (
    Field(
        "title", "Title", "text",
        ("Title of the Agreement", "Title of agreement", "CONTRACT_TITLE", "CONTRACT_NAME", "Contract title",
         "Contract name", "Title", "Agreement title", "Project title", "Title of contract", "Name of contract",
         "Contract / Project title", "tender.title"),
        500,
    ),
    Field(
        "description", "Description", "text",
        ("Description of goods and services", "Description of the goods and/or services being provided",
         "Contract description", "SHORT_DESCRIPTION", "Description", "Contract details",
         "Description of goods and/or services", "Goods and services", "tender.description"),
    ),
    Field(
        "reference", "Reference", "text",
        ("Contract Reference number / ID", "Reference number (Code)", "Contract reference number",
         "Contract number", "Contract Id", "CONTRACT_REF", "Contract no.", "Contract reference", "Reference number",
         "Reference", "Ref no", "Ref", "Contract ref no", "Unique reference", "HBC ref no", "Agreement reference",
         "contractID"),
        200,
    ),
    Field(
        "directorate_text", "Directorate or department", "text",
        ("Directorate / service responsible", "Directorate", "Department", "Directotate", "Directorate/Service",
         "Department responsible", "Local authority department responsible", "Service Area", "Department Area",
         "Service", "Service responsible", "Service Cost Centre", "Business unit", "Entity"),
        250,
    ),
    Field(
        "supplier_text", "Supplier", "text",
        ("Supplier name", "Supplier", "Vendor Name", "WINNING_BIDDER", "Other parties to the contract",
         "Name of supplier", "Contractor", "Contractor name", "Supplier name and details", "Provider",
         "Provider name", "SUPPLIER FINAL", "Supplier(s)", "Awarded supplier", "Beneficiary", "Name",
         "suppliers.name", "awards.suppliers.name"),
        500,
    ),
    Field(
        "company_number", "Supplier’s company number", "company",
        ("Supplier registered company number", "Registered company number", "Company number",
         "Company registration number", "Companies House number", "Supplier company number",
         "Company registered number"),
        40,
    ),
    Field(
        "charity_number", "Supplier’s charity number", "text",
        ("Supplier registered charity number", "Registered charity number", "Charity number",
         "Charity registration number"),
        40,
    ),
    Field(
        "starts_on", "Start date", "date",
        ("Contract start date", "Start date", "Validity Period Start", "period.startDate", "Start",
         "CONTRACT_START_DATE", "Commencement date", "Contract start", "Date of commencement",
         "contractPeriod.startDate"),
    ),
    Field(
        "ends_on", "End date", "date",
        ("End date", "Contract end date", "CONTRACT_CURRENT_END_DATE", "Current end date", "Validity Period End",
         "period.endDate", "End", "Expiry date", "Contract expiry date", "Contract end", "contractPeriod.endDate"),
    ),
    Field("review_on", "Review date", "date", ("Review date", "Contract review date", "Date of review")),
    Field(
        "last_extension_to", "Latest possible end date", "date",
        ("Last extension date", "MAXIMUM_CONTRACT_END_DATE", "Maximum end date", "period.maxExtentDate",
         "Latest end date", "Extension end date", "Maximum contract end date", "End date including extensions",
         "contractPeriod.maxExtentDate"),
    ),
    Field(
        "value", "Value", "money",
        ("Contract value", "Total contract value", "Value", "Contract value (£)", "Contract value excl variations",
         "Contract value excluding variations", "CONTRACT_AWARD_VALUE", "Total value", "Value of contract",
         "Lifetime value", "Whole life value", "Original / Extended Contract Value", "value.amount",
         "Estimated contract value", "Amount"),
    ),
    Field(
        "annual_value", "Annual value", "money",
        ("Annual contract value", "ESTIMATED_ANNUAL_VALUE", "Annual value", "Estimated annual value",
         "Value per annum", "Contract value per annum", "Annual contract value (£)"),
    ),
    Field(
        "value_note", "Fixed or estimated cost", "text",
        ("Fixed cost / estimated cost", "Fixed or estimated", "Fixed / estimated", "Cost type"), 120,
    ),
    Field(
        "irrecoverable_vat", "Irrecoverable VAT", "money",
        ("Irrecoverable VAT", "VAT not recovered", "VAT that cannot be recovered", "Non recoverable VAT"),
    ),
    Field(
        "estimated_value_inc_vat", "Estimated value including VAT", "money",
        ("Estimated value including VAT", "Contract value including VAT", "Value inc VAT", "Contract value inc VAT"),
    ),
    Field(
        "sme", "SME", "yes_no",
        ("SME supplier", "SME?", "SME", "awarded_to_sme", "details.scale", "Supplier is SME", "Is SME",
         "Small or medium sized enterprise"),
    ),
    Field(
        "vcse", "VCSE", "yes_no",
        ("VCSE supplier", "VCSE", "VCSE?", "details.vcse", "Awarded to VCSE", "awarded_to_vcse",
         "Voluntary or community sector organisation", "VCSE supplier type"),
    ),
    Field(
        "process", "Procurement process", "text",
        ("Tender process type", "PROCUREMENT_ROUTE", "Procurement route", "procurementMethodDetails",
         "Procurement process", "Process type", "Type of tender process", "Procurement procedure",
         "Procurement method"),
        200,
    ),
    Field(
        "category_text", "Category", "text",
        ("Procurement classification: Councils procurement category label", "PRIMARY_PROCUREMENT_CATEGORY",
         "Procurement category", "Councils procurement category label", "Category", "Service category label",
         "Category of purchase", "Proclass label", "Procurement classification: Proclass label", "CPV label",
         "Procurement classification: CPV label", "Proclass code", "Procurement classification: Proclass code",
         "CPV code", "Procurement classification: CPV code"),
        250,
    ),
)  # fmt: skip

BY_NAME: dict[str, Field] = {field.name: field for field in FIELDS}
WANTED: dict[str, tuple[str, ...]] = {field.name: field.variants for field in FIELDS}

# What is kept of a row: these are columns of the contract itself, in this order.
CONTRACT_FIELDS: tuple[str, ...] = (
    "reference", "title", "description", "supplier_text", "sme", "vcse", "directorate_text", "category_text",
    "process", "starts_on", "ends_on", "review_on", "last_extension_to", "value", "value_basis", "value_note",
    "irrecoverable_vat", "estimated_value_inc_vat",
)  # fmt: skip
DATES = frozenset(("starts_on", "ends_on", "review_on", "last_extension_to"))
AMOUNTS = frozenset(("value", "irrecoverable_vat", "estimated_value_inc_vat"))
# Worked out by the council's own mappings: field -> the contract's column. Texts hold primary keys.
DERIVED: dict[str, str] = {
    "directorate": "directorate_id",
    "department": "department_id",
    "category": "category_id",
}
# Of the supplier, not of the contract.
SUPPLIER_FIELDS: tuple[str, ...] = ("company_number", "charity_number")

# Headings of a list of payments: read all the same, but said loudly.
PAYMENT_HEADINGS = frozenset(
    ("paymentdate", "amountpaid", "netamount", "datepaid", "invoicenumber", "invoicedate", "transactionnumber",
     "transactiondate", "paymentamount", "dateofpayment")
)  # fmt: skip
