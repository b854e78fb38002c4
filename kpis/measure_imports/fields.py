"""What is read from a table of measures, and the headings each field is known by."""

from __future__ import annotations

from dataclasses import dataclass

from spreadsheets.mapping import normal


@dataclass(frozen=True)
class Field:
    """One field of a measure or its £ value; variants are headings seen for it, in any spelling."""

    name: str
    label: str
    variants: tuple[str, ...] = ()
    hint: str = ""


VALUES = ("value", "value_2", "value_3", "value_4")
# fmt: off
FIELDS = (
    Field("code", "Code or reference", (
        "Code", "Ref", "Reference", "Ref no", "Reference number", "ID", "Measure code", "Measure ref",
        "Measure reference", "Measure ID", "Indicator ref", "Indicator code", "KPI ref", "KPI code", "KPI ID",
        "TOMs ref", "TOM ref", "TOMs code", "Unique ID", "Item", "Item no", "No", "Measure number",
    ), "Without codes, we make them up: M-001, M-002 …"),
    Field("mission", "Mission or other heading above the themes", (
        "Mission", "Missions", "Priority area", "Strategic aim", "Goal",
    )),
    Field("theme", "Theme", (
        "Theme", "Themes", "Theme name", "Policy theme", "Strategic theme", "Pillar", "Category", "Section",
        "Cost category", "Cost/saving category", "Topic", "Priority", "Domain",
    ), "Without one, all measures stand under the theme “Measures”."),
    Field("outcome", "Outcome", (
        "Outcome", "Outcomes", "Policy outcome", "Theme outcome", "Objective", "Sub-category", "Subcategory",
        "Sub theme", "Cost/saving sub-category", "Intended outcome",
    )),
    Field("title", "Measure", (
        "Measure", "Measures", "Title", "Measure title", "Measure name", "Indicator", "Indicator name",
        "Measure/indicator", "KPI", "KPI name", "KPI title", "Key performance indicator", "Metric", "Name",
        "Social value measure", "What is measured", "Commitment", "Activity", "Cost/saving detail",
        "Cost/saving", "Unit cost title", "Measure (short)", "Short title",
    ), "Without a title, the description is used."),
    Field("description", "Description or counting rule", (
        "Description", "Counting rule", "How measured", "How it is measured", "How it is counted",
        "How to count", "Definition",
        "Measure description", "Full description", "Measure definition", "What counts", "Calculation",
        "Methodology", "Detail", "Details", "Rationale", "Measure (full)", "Measurement rule",
    )),
    Field("unit", "Unit", (
        "Unit", "Units", "Unit of measure", "Unit of measurement", "Units of measurement", "UoM",
        "Measurement unit", "Unit type", "Measured in", "Per", "Metric unit", "Units (description)",
    )),
    Field("kind", "Kind of figure", (
        "Kind", "Type", "Measure type", "Data type", "Type of measure", "Type of figure", "Format",
        "Indicator type", "Response type",
    ), "Number, money, percentage, yes or no, date or text."),
    Field("direction", "Which way is better", (
        "Direction", "Polarity", "Good is", "Better is", "Desired direction", "Direction of travel",
        "Which way is better", "Aim",
    )),
    Field("numerator", "Of a percentage: what is counted", (
        "Numerator", "Above the line", "What is counted",
    )),
    Field("denominator", "Of a percentage: out of what", (
        "Denominator", "Below the line", "Out of what", "Out of",
    )),
    Field("evidence", "Evidence expected", (
        "Evidence", "Evidence required", "Evidence requirements", "Evidence expected", "Required evidence",
        "Supporting evidence", "Guidance", "Evidence guidance", "Verification", "Evidence and guidance",
        "Guidance and evidence", "Means of verification",
    )),
    Field("value", "£ value of one unit", (
        "Proxy value", "Proxy", "Financial proxy", "Financial proxy value", "Unit value", "Unit cost",
        "Value", "Value per unit", "Central value", "Central", "Proxy value per unit", "£ per unit",
        "£ value", "Social value", "Social value per unit", "Social", "Proxy amount", "Monetary value",
        "Fiscal", "Fiscal value", "Fiscal benefit", "Fiscal value per unit", "Economic", "Economic value",
        "Economic benefit", "Local economic value", "LEV", "SEV", "Updated cost", "Cost",
        "Cost/saving value", "National proxy", "National proxy value", "Localised proxy",
        "Localised proxy value", "Local proxy value", "Unit price", "Amount", "Wellbeing value", "Proxies",
    ), "Blank, “n/a” and “record only” mean no £ value."),
    Field("value_2", "Second £ value of one unit"),
    Field("value_3", "Third £ value of one unit"),
    Field("value_4", "Fourth £ value of one unit"),
    Field("low", "Lowest the first £ value may be", (
        "Low", "Low value", "Lower", "Lower bound", "Low estimate", "Lower estimate", "Minimum", "Min",
        "Proxy low", "Low proxy", "Value low", "Lower value", "Low proxy value", "Proxy value low",
    )),
    Field("high", "Highest the first £ value may be", (
        "High", "High value", "Upper", "Upper bound", "High estimate", "Upper estimate", "Maximum", "Max",
        "Proxy high", "High proxy", "Value high", "Upper value", "High proxy value", "Proxy value high",
    )),
    Field("range", "Range of the first £ value, in one cell", (
        "Range", "Value range", "Range of values", "Proxy range", "Range of proxy", "Low to high", "Low-high",
        "Min-max", "Minimum to maximum", "Lower to upper", "Range low to high", "Proxy value range",
        "Sensitivity range", "Confidence interval",
    ), "Such as 28,000 to 33,000."),
    Field("price_year", "Prices of the year", (
        "Price year", "Prices", "Price base", "Base year", "Price base year", "Year of prices", "Year",
        "Value year", "Prices year", "Year of data", "Proxy year", "Prices of the year",
    )),
    Field("valid_from", "£ value valid from", (
        "Valid from", "Effective from", "From", "Start date", "Effective date",
    )),
    Field("valid_until", "£ value valid until", (
        "Valid to", "Valid until", "Effective to", "Until", "Expiry", "Expiry date", "Expires", "End date",
    )),
    Field("geography", "Area the £ value is for", (
        "Geography", "Area", "Region", "Location", "Localised to", "Place", "Coverage", "Geographic area",
    )),
    Field("local", "Local economic value?", (
        "Localism", "Local", "Is local", "Stream", "Value type", "Value stream", "Local value",
        "Social or local", "Local or national", "Local/national", "Counts as", "LEV or SEV", "SEV/LEV",
        "LEV/SEV",
    ), "Says of each row whether its £ is local economic value or additional social value."),
    Field("source", "Source of the £ value", (
        "Source", "Sources", "Proxy source", "Data source", "Source of proxy", "Value source",
        "Reference source",
        "Source document", "Proxy rationale and source", "Original source",
    )),
    Field("source_url", "Web address of the source", (
        "URL", "Link", "Web address", "Source URL", "Source link", "Hyperlink", "Website", "Web link",
        "Source address", "Address",
    )),
    Field("confidence", "Confidence", (
        "Confidence", "Confidence grade", "Confidence rating", "RAG", "RAG rating", "Robustness",
        "Confidence level", "Quality", "Grade",
    )),
    Field("note", "Notes on the £ value", (
        "Notes", "Note", "Comments", "Comment", "Caveats", "Remarks", "Proxy notes", "Further information",
    )),
)
# fmt: on
BY_NAME = {one.name: one for one in FIELDS}
WANTED = {one.name: one.variants for one in FIELDS if one.variants}
VALUE_KEYS = frozenset(normal(text) for text in BY_NAME["value"].variants)
# Fields whose merged cells, or cells left blank under the first of a group, mean "the same again".
CARRIED = ("mission", "theme", "outcome")
SPREAD = (
    *CARRIED, "unit", "kind", "direction", "evidence", "price_year", "valid_from", "valid_until",
    "geography", "local", "source", "source_url", "confidence",
)  # fmt: skip
# Headings that say a column holds targets or what a bidder offers: for one contract, never a framework.
TARGET_WORDS = (
    "target", "weighting", "baseline", "commitmentquantity", "bidderresponse", "bidderscommitment",
    "quantity", "unitsoffered", "unitsdelivered", "numberofunits", "noofunits",
)  # fmt: skip
TARGET_KEYS = frozenset(
    ("qty", "volume", "offer", "offered", "bid", "response", "proposed", "delivered", "actual", "actuals")
)
# Words that say of whom or what a £ is: the £ of one unit where they stand together, as in tables of unit
# costs; a product (units x proxy) where one stands beside a proxy or a quantity, as in a bidder's calculator.
FAMILY = ("fiscal", "economic", "social")
STREAMS = frozenset(("localeconomicvalue", "lev", "sev"))
PRODUCTS = STREAMS.union(
    ("value", "amount", "cost", "monetaryvalue", "social", "socialvalue", "fiscal", "fiscalvalue"),
    ("fiscalbenefit", "economic", "economicvalue", "economicbenefit"),
)
