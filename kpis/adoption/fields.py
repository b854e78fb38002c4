"""What is read from a workbook of signed KPIs, and the headings each field is known by."""

from __future__ import annotations

from dataclasses import dataclass

from spreadsheets.mapping import normal


@dataclass(frozen=True)
class Field:
    """One field of a row; variants are headings seen for it, in any spelling."""

    name: str
    label: str
    variants: tuple[str, ...] = ()
    hint: str = ""


# fmt: off
FIELDS = (
    Field("number", "Our number of the contract", (
        "Our number", "Our contract number", "Our no", "System number", "Record number", "Register number",
        "Number here",
    ), "The number in this service’s address of the contract. It is never guessed from anything else."),
    Field("reference", "Contract reference", (
        "Reference", "Contract reference", "Contract ref", "Ref", "Reference number", "Ref no", "Contract no",
        "Contract number", "Contract ID", "Agreement reference", "Procurement reference", "Lot reference",
    )),
    Field("title", "Contract title", (
        "Contract title", "Title of agreement", "Contract name", "Contract", "Title", "Agreement", "Project",
        "Contract description", "Agreement title",
    ), "Tells lots with one reference apart."),
    Field("supplier", "Supplier", (
        "Supplier", "Supplier name", "Contractor", "Provider", "Company", "Vendor", "Awarded supplier",
    ), "Tells lots with one reference apart."),
    Field("kpi", "KPI or measure", (
        "KPI", "Measure", "KPI title", "KPI description", "Indicator", "Social value KPI", "Commitment",
        "Social value commitment", "KPI/measure", "KPI or measure", "Social value measure", "Outcome",
        "Description of KPI", "Deliverable", "Promise",
    )),
    Field("code", "Code of the measure", (
        "Measure code", "Code", "KPI code", "KPI ref", "KPI reference", "TOMs ref", "TOM ref", "TOMs code",
        "Measure ref", "Measure reference", "Indicator code",
    )),
    Field("unit", "Unit", (
        "Unit", "Units", "Unit of measure", "Measured in", "Counted in", "UoM", "Unit of measurement",
    ), "Not needed where the target says it, as in “12 weeks”."),
    Field("target", "Target", (
        "Target", "Target value", "Whole life target", "Total target", "Contract target", "Quantity",
        "Committed", "Target (whole contract)", "Commitment value", "Number committed", "Agreed target",
    ), "For the whole contract where the months add up; otherwise the level to hold."),
    Field("starts", "First month", (
        "First month", "Start month", "KPI start", "From", "KPI from", "Start date", "Starts", "Start",
        "KPI start date",
    ), "Without one, the contract’s start."),
    Field("ends", "Last month", (
        "Last month", "End month", "KPI end", "To", "KPI to", "End date", "Ends", "End", "KPI end date",
        "Deliver by", "By when",
    ), "Without one, the contract’s end."),
    Field("baseline", "Baseline", ("Baseline", "Baseline value", "Starting point", "Before")),
    Field("evidence", "Evidence", (
        "Evidence", "Evidence required", "Evidence expected", "Verification", "How evidenced", "Proof",
    )),
    Field("rule", "Counting rule", (
        "Counting rule", "How counted", "How it is counted", "Definition", "Method", "Measurement method",
        "How measured", "Rule",
    )),
    Field("group", "Group of people", (
        "Group", "Cohort", "Group of people", "Target group", "Beneficiaries", "Priority group",
    )),
    Field("signed_on", "Contract date", (
        "Contract date", "Date of contract", "Signed on", "Date signed", "Signature date", "Award date",
    )),
    Field("document", "Document", (
        "Document", "Contract document", "Schedule", "Source document", "Signed document", "Where it stands",
        "Document reference", "Clause",
    ), "Where the KPI is signed, such as “Schedule 7”."),
    Field("notes", "Notes", ("Notes", "Note", "Comments", "Comment", "Remarks")),
    Field("to_date", "Delivered to date", (
        "Delivered to date", "Achieved to date", "Actual to date", "Total to date", "To date", "Cumulative",
        "Results to date", "Progress to date", "Delivered so far", "Actuals to date", "Delivered", "Actual",
    ), "One figure for all months so far. Months may stand in columns of their own as well."),
    Field("as_at", "As at", (
        "As at", "As at date", "As of", "Position at", "Date of figure", "Reported to", "Results to",
    ), "The last month the figure to date is for."),
)
RESULT_FIELDS = (
    *(one for one in FIELDS if one.name in {"number", "reference", "title", "supplier", "kpi", "code"}),
    Field("period", "Month or period", (
        "Month", "Period", "Month or period", "Reporting month", "Reporting period", "Quarter", "Date",
        "As at", "Month ending",
    )),
    Field("figure", "Figure", (
        "Figure", "Result", "Value", "Actual", "Delivered", "Achieved", "Outturn", "Reported", "Amount",
    )),
    Field("numerator", "Numerator", ("Numerator", "Counted", "Number meeting", "Above the line")),
    Field("denominator", "Denominator", ("Denominator", "Out of", "Of", "Below the line")),
)
# fmt: on
BY_NAME = {one.name: one for one in FIELDS}
WANTED = {one.name: one.variants for one in FIELDS}
RESULTS_WANTED = {one.name: one.variants for one in RESULT_FIELDS}
CONTRACT = ("number", "reference", "title", "supplier")
# What merged cells say in each row that they span.
SPREAD = (*CONTRACT, "signed_on", "document", "starts", "ends")
# Sheets that hold past results, one row for a KPI and month.
RESULT_SHEETS = frozenset(
    normal(name)
    for name in (
        "Results",
        "Past results",
        "Actuals",
        "Monthly results",
        "Outturn",
        "Delivery",
        "Performance",
    )
)
