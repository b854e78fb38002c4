"""Says a rule in words: for which contracts it is, what it asks, why it holds for one."""

from contracts.models import Proportionate, ProportionateRule
from govuk import formats


def why_it_fits(rule: Proportionate) -> str:
    """Return why it holds for the contracts it fits: "because it is Gold and its category is Highways"."""
    reasons = []
    if rule.tier is not None:
        reasons.append(f"it is {rule.tier}")
    if rule.category is not None:
        reasons.append(f"its category is {rule.category}")
    if rule.band is not None:
        reasons.append(f"its value is in “{rule.band}”")
    if not reasons:
        return "because nothing closer fits"
    return f"because {' and '.join(reasons)}"


def kpis_asked(rule: ProportionateRule) -> str:
    """Return how many KPIs a rule asks for: "3 or more", "1 to 2", "No KPIs"."""
    least, most = rule.kpis_at_least, rule.kpis_at_most
    if most is None:
        return f"{least} or more" if least else "No number asked"
    if most == 0:
        return "No KPIs"
    if least == most:
        return str(least)
    return f"{least} to {most}" if least else f"Up to {most}"


def weighting_asked(rule: ProportionateRule) -> str:
    """Return the social value weighting a rule asks for at tender: "10% or more"."""
    if rule.weighting_at_least is None:
        return "None asked"
    return f"{formats.percent(rule.weighting_at_least, 2)} or more"
