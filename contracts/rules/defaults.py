"""The value bands, tiers and rules every council begins with; each may be changed or taken away."""

from decimal import Decimal
from typing import Any

# Our own proposal: the law knows £5 million (section 52), a council's own rules the others.
BANDS = (
    ("Under £100,000", Decimal(0)),
    ("£100,000 to under £1 million", Decimal(100_000)),
    ("£1 million to under £5 million", Decimal(1_000_000)),
    ("£5 million and over", Decimal(5_000_000)),
)
TIERS = ("Gold", "Silver", "Bronze")
OURS = "A proposal that came with this service, not a decision of the council. "
# Key, value from which its band begins (None: every other contract), facts. Returns are monthly in all of
# them: a lighter rhythm is the council's own decision.
RULES: tuple[tuple[str, Decimal | None, dict[str, Any]], ...] = (
    (
        "under-100k",
        Decimal(0),
        {
            "kpis_at_least": 1,
            "kpis_at_most": 2,
            "offer_instead": True,
            "note": "One promise is enough for a small contract; help in kind or cash will do instead.",
        },
    ),
    (
        "100k-1m",
        Decimal(100_000),
        {
            "weighting_at_least": Decimal(10),
            "kpis_at_least": 2,
            "note": "Central government weights social value at 10% or more; many councils do the same.",
        },
    ),
    (
        "1m-5m",
        Decimal(1_000_000),
        {
            "weighting_at_least": Decimal(10),
            "kpis_at_least": 3,
            "note": "Three promises, so that the supplier answers for more than one theme.",
        },
    ),
    (
        "5m-up",
        Decimal(5_000_000),
        {
            "weighting_at_least": Decimal(20),
            "kpis_at_least": 5,
            "kpis_at_most": 20,
            "note": "The Procurement Act asks for at least three KPIs of all kinds above £5 million. More "
            "than twenty are rarely looked at.",
        },
    ),
    (
        "every-other",
        None,
        {"kpis_at_least": 1, "note": "For contracts whose value nobody has recorded."},
    ),
)


def load(apps=None) -> None:
    """Add bands, tiers and rules where the council has none; leave a council's own as they are."""
    if apps is None:
        from django.apps import apps
    band, tier = apps.get_model("contracts", "ValueBand"), apps.get_model("contracts", "ContractTier")
    if not band.objects.exists():
        band.objects.bulk_create([band(name=name, at_least=at_least) for name, at_least in BANDS])
    if not tier.objects.exists():
        tier.objects.bulk_create([tier(name=name, position=place) for place, name in enumerate(TIERS, 1)])
    _load_rules(apps.get_model("contracts", "ProportionateRule"), band)


def _load_rules(rule, band) -> None:
    """Add the rules whose band the council has, unless it has rules already."""
    if rule.objects.exists():
        return
    begins = {one.at_least: one for one in band.objects.all()}
    rule.objects.bulk_create(
        [
            rule(
                key=key,
                band=begins.get(at_least) if at_least is not None else None,
                **{**facts, "note": OURS + facts["note"]},
            )
            for key, at_least, facts in RULES
            if at_least is None or at_least in begins
        ]
    )
