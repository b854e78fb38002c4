"""The checklist every council begins with, in our own words; each question may be changed or retired."""

from decimal import Decimal

MILLION = Decimal(1_000_000)
FIVE_MILLION = Decimal(5_000_000)

# What the answer to it is kept under, so that a contract's weighting follows it: see contracts/stages/verbs.
WEIGHTING = "tender-weighting"

YES_NO, TEXT, PERCENTAGE = "yes_no", "text", "percentage"

# Stage, then (key, kind, question, hint, heading in the statement for suppliers, from which value up).
QUESTIONS: dict[str, tuple[tuple[str, str, str, str, str, Decimal | None], ...]] = {
    "commissioning": (
        (
            "pre-considered", YES_NO, "Was social value considered before the procurement began?",
            "For services the Public Services (Social Value) Act 2012, section 1, asks for it: how what is "
            "bought might improve the economic, social and environmental well-being of the area, and how the "
            "procurement might bring that about. Say what was decided, by whom and when.",
            "", None,
        ),
        (
            "pre-consulted", YES_NO, "Was anybody asked what this contract could do for the area?",
            "The same section asks councils to consider whether to consult. Name who was asked: residents, "
            "people who use the service, community organisations, suppliers. If nobody was, say why.",
            "", None,
        ),
        (
            "pre-market", TEXT, "What can suppliers in this market offer?",
            "From market engagement, from contracts like it, or from what other councils were given.",
            "", None,
        ),
        (
            "pre-priorities", TEXT, "Which council priorities could this contract serve?",
            "Two or three that fit the work are worth more than all of them.",
            "What matters to the council", None,
        ),
        (
            "pre-places", TEXT, "Which wards or communities should feel the difference?",
            "Say where the need is, or that the whole area should benefit.",
            "Where it should be felt", None,
        ),
        (
            "pre-lots", YES_NO, "Could the work be divided so that small firms and charities can bid too?",
            "Lots, a reserved part, or a place for local firms in the supply chain. Say what was decided.",
            "", MILLION,
        ),
    ),
    "tender": (
        (
            WEIGHTING, PERCENTAGE, "How much of the tender score is for social value?",
            "As a percentage of the whole score. Say why this much is right for this contract.",
            "Social value in the scoring", None,
        ),
        (
            "tender-proportion", YES_NO, "Is what is asked of suppliers in proportion to the contract?",
            "A small charity should be able to answer without hiring somebody to write the tender.",
            "", None,
        ),
        (
            "tender-told", TEXT, "What are suppliers told before they tender?",
            "Where the need is, what has worked before, whom they could work with.",
            "What the council hopes for", None,
        ),
        (
            "tender-scoring", TEXT, "How will their social value answers be scored?",
            "What a full mark takes, and what is not counted, such as work already promised elsewhere.",
            "How answers are scored", None,
        ),
        (
            "tender-measurable", TEXT, "Which commitments must be measurable, and in which unit?",
            "A number, a unit and a date for each: they become the KPIs of the contract.",
            "What must be measurable", None,
        ),
        (
            "tender-reporting", TEXT, "How often will the winner report, and with what evidence?",
            "Say what the council provides, so that bidders can price their part.",
            "Reporting once the contract runs", MILLION,
        ),
    ),
    "mobilisation": (
        (
            "award-commitments", TEXT, "Which social value commitments did the winner make?",
            "As they stand in the winning tender, each with its number and date.", "", None,
        ),
        (
            "award-in-contract", YES_NO, "Are those commitments in the signed contract?",
            "Name the clause or schedule. What is only in the tender is hard to hold anybody to.", "", None,
        ),
        (
            "award-evidence", TEXT, "Who collects the evidence, at the supplier and at the council?",
            "Name a post on each side, and what is counted as evidence.", "", None,
        ),
        (
            "award-first-report", TEXT, "When is the first report due, and who expects it?",
            "Before the first month is over is a good time to go through it together.", "", None,
        ),
        (
            "award-three-kpis", YES_NO, "Are at least three KPIs set and ready to be published?",
            "Section 52 of the Procurement Act 2023 asks for them in most contracts estimated at over "
            "£5 million with VAT. If the contract is exempt, say by which rule.",
            "", FIVE_MILLION,
        ),
    ),
    "live": (
        (
            "live-kpis", YES_NO, "Are KPIs approved for this contract?",
            "If not: what stands in the way, and when is the next chance?", "", None,
        ),
        (
            "live-returns", YES_NO, "Do returns come in, on time and with evidence?",
            "If not: what has been agreed with the supplier.", "", None,
        ),
        (
            "live-conversation", TEXT, "When did you last talk with the supplier about social value?",
            "The date, who was there and what came of it.", "", None,
        ),
        (
            "live-next-chance", TEXT, "What would you change at the next break point or extension?",
            "Targets that turned out too easy, commitments that no longer fit.", "", MILLION,
        ),
    ),
    "ended": (
        (
            "end-delivered", TEXT, "What was delivered, compared with what was promised?",
            "In figures where there are any, and in the words of those it was for.", "", None,
        ),
        (
            "end-left", YES_NO, "Was everything that was promised delivered?",
            "If not: what is left, why, and what was done about it.", "", None,
        ),
        (
            "end-lessons", TEXT, "What should the next contract do differently?",
            "For whoever writes the next specification.", "", None,
        ),
    ),
}  # fmt: skip


def load(apps=None) -> None:
    """Add each question once, by its key; leave what a council has changed or retired as it is."""
    if apps is None:
        from django.apps import apps
    question = apps.get_model("contracts", "ChecklistQuestion")
    band = apps.get_model("contracts", "ValueBand")
    standing = set(question.objects.exclude(key="").values_list("key", flat=True))
    bands = list(band.objects.order_by("at_least"))
    question.objects.bulk_create(
        [
            question(
                stage=stage,
                position=position,
                key=key,
                kind=kind,
                text=text,
                hint=hint,
                statement_heading=heading,
                # Where a council drew its bands otherwise, the first one that begins there or higher.
                band=next((one for one in bands if one.at_least >= least), None) if least else None,
            )
            for stage, rows in QUESTIONS.items()
            for position, (key, kind, text, hint, heading, least) in enumerate(rows, 1)
            if key not in standing
        ]
    )
