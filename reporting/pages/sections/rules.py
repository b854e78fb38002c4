"""What the council's rules ask of a contract, beside what stands."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.calendar import today
from accounts.models import Person
from contracts.models import Contract, Offer, ProportionateRule
from contracts.rules import words
from contracts.rules.finding import rule_for
from govuk import formats
from kpis.proposals.exceptions import standing_words
from kpis.proposals.models import KPISet
from reporting.pages.addresses import address
from reporting.pages.contract_facts import set_in_force
from reporting.pages.sections.shape import Section

LESS, MORE, MET, UNKNOWN = "less", "more", "met", ""


@dataclass(frozen=True)
class Asked:
    """One thing asked, what stands, and how they compare: "less", "more", "met" or "" for not to be told."""

    what: str
    asked: str
    stands: str
    is_met: str


def rules_section(contract: Contract, person: Person) -> Section | None:
    """Return what is asked of the contract and what it has; None where no rule fits it."""
    rule = rule_for(contract)
    if rule is None:
        return None
    kpi_set = set_in_force(contract)
    exception = kpi_set if kpi_set and kpi_set.is_exception else None
    kpi_set = None if exception else kpi_set
    count = kpi_set.terms.count() if kpi_set else 0
    offers = _offers(contract) if rule.offer_instead else 0
    rows = [_kpis(rule, count, offers, exception)]
    if rule.offer_instead:
        stands = formats.plural(offers, "offer") if offers else "None recorded"
        rows.append(Asked("Instead of KPIs", "An offer in kind or cash", stands, MET if offers else UNKNOWN))
    rows += [_weighting(rule, contract), _returns(rule, kpi_set)]
    return Section(
        "asked",
        "What is asked of this contract",
        "reporting/sections/_rules.html",
        {"rule": rule, "why": words.why_it_fits(rule), "rows": rows, "url": address("contracts:rule-list")},
    )


def _offers(contract: Contract) -> int:
    return contract.offers.exclude(status=Offer.Status.WITHDRAWN).count()


def _kpis(rule: ProportionateRule, count: int, offers: int, exception: KPISet | None) -> Asked:
    if exception is not None:
        # Whether an exception is right is the director's to say, not for a rule to measure.
        is_met = LESS if exception.is_to_be_reviewed_on(today()) else UNKNOWN
        return Asked("KPIs", words.kpis_asked(rule), f"None: {standing_words(exception)}", is_met)
    stands = f"{formats.figure(count)} in force" if count else "None in force"
    if count < rule.kpis_at_least:
        is_met = MET if offers and not count else LESS
    elif rule.kpis_at_most is not None and count > rule.kpis_at_most:
        is_met = MORE
    else:
        is_met = MET
    return Asked("KPIs", words.kpis_asked(rule), stands, is_met)


def _weighting(rule: ProportionateRule, contract: Contract) -> Asked:
    asked, recorded = rule.weighting_at_least, contract.social_value_weighting
    stands = "Not recorded" if recorded is None else formats.percent(recorded, 2)
    is_met = UNKNOWN
    if asked is not None and recorded is not None:
        is_met = LESS if recorded < asked else MET
    return Asked("Social value weighting at tender", words.weighting_asked(rule), stands, is_met)


def _returns(rule: ProportionateRule, kpi_set: KPISet | None) -> Asked:
    asked = rule.get_returns_every_display()
    if kpi_set is None:
        return Asked("Returns", asked, "No KPIs yet", UNKNOWN)
    is_met = MET if kpi_set.returns_every <= rule.returns_every else LESS
    return Asked("Returns", asked, kpi_set.get_returns_every_display(), is_met)
