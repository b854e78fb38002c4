"""The value bands and tiers every council begins with; each may be renamed, moved or taken away."""

from decimal import Decimal

# Our own proposal: the law knows £5 million (section 52), a council's own rules the others.
BANDS = (
    ("Under £100,000", Decimal(0)),
    ("£100,000 to under £1 million", Decimal(100_000)),
    ("£1 million to under £5 million", Decimal(1_000_000)),
    ("£5 million and over", Decimal(5_000_000)),
)
TIERS = ("Gold", "Silver", "Bronze")


def load(apps=None) -> None:
    """Add bands and tiers where the council has none; leave a council's own as they are."""
    if apps is None:
        from django.apps import apps
    band, tier = apps.get_model("contracts", "ValueBand"), apps.get_model("contracts", "ContractTier")
    if not band.objects.exists():
        band.objects.bulk_create([band(name=name, at_least=at_least) for name, at_least in BANDS])
    if not tier.objects.exists():
        tier.objects.bulk_create([tier(name=name, position=place) for place, name in enumerate(TIERS, 1)])
