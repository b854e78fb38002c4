"""Whether section 52 of the Procurement Act 2023 asks a contract for three KPIs, and whether it has them.

The law, as at 2026: before entering a public contract with an estimated value of over £5 million (VAT
included) a contracting authority sets at least three KPIs and publishes those it set (section 52). It does
not apply to frameworks, concession contracts, light touch contracts and utilities contracts awarded by a
private utility, nor where the authority considers that performance could not appropriately be assessed by
KPIs; that reason is stated in the contract details notice. It applies to procurements begun under the Act, on
or after 24 February 2025. Section 71 (in force since 1 January 2026): performance against these KPIs is
assessed and published at least once in each twelve months of the contract, and when it is terminated. All
KPIs of a contract count, not only those on social value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count

from accounts.calendar import first_of_month, today
from contracts.models import ActKind, AgreementType, Contract, Regime
from contracts.models.contract import PA2023_IN_FORCE
from govuk import formats
from kpis.proposals.models import KPISet

# Over, not at: a contract of exactly £5 million is not asked for KPIs.
THRESHOLD = Decimal("5000000")
NEEDED = 3
ACT = "the Procurement Act 2023"


@dataclass(frozen=True)
class Fact:
    """One condition: whether it lets the duty stand (None = not known), and the sentence that says so."""

    name: str
    holds: bool | None
    sentence: str
    # The contract's fact to change or record, as its form calls it.
    field: str


@dataclass(frozen=True)
class Duty:
    """What section 52 asks of a contract. True, False, or None where what is recorded doesn't tell."""

    applies: bool | None
    reason: str
    # The name of the fact that decides: kind, regime, value, exemption; "" where all hold.
    decided_by: str
    facts: tuple[Fact, ...]
    kpis_here: int
    # None = nobody has said.
    kpis_elsewhere: int | None
    is_met: bool | None
    what_to_do: str
    needed: int = NEEDED

    @property
    def total(self) -> int:
        """Return the KPIs known of, here and elsewhere."""
        return self.kpis_here + (self.kpis_elsewhere or 0)

    @property
    def answer(self) -> str:
        """Return "met", "not_met", "elsewhere_unknown", "unknown" or "not_asked", for filters and tags."""
        if self.applies is None:
            return "unknown"
        if not self.applies:
            return "not_asked"
        return {True: "met", False: "not_met", None: "elsewhere_unknown"}[self.is_met]

    @property
    def is_worth_showing(self) -> bool:
        """Return whether a reader of the contract should hear of it: it applies, may, or is exempt."""
        if self.applies or self.decided_by == "exemption":
            return True
        known = {fact.name: fact.holds for fact in self.facts}
        return self.applies is None and (known["value"] is True or known["regime"] is True)


ANSWERS = {
    "not_met": ("Too few KPIs", "red"),
    "elsewhere_unknown": ("KPIs elsewhere not recorded", "orange"),
    "unknown": ("Can’t be told yet", "yellow"),
    "met": ("Enough KPIs", "green"),
    "not_asked": ("Not asked", "grey"),
}


def duty(contract: Contract) -> Duty:
    """Return what section 52 asks of a contract: one query, and one for a parent not fetched."""
    return duties([contract])[contract.pk]


def duties(contracts: Iterable[Contract]) -> dict[int, Duty]:
    """Return the duty of each contract by its number: one query where call-offs' parents are fetched."""
    contracts = list(contracts)
    counts = kpis_here(contracts)
    return {contract.pk: _duty(contract, counts.get(contract.pk, 0)) for contract in contracts}


def kpis_here(contracts: Iterable[Contract]) -> dict[int, int]:
    """Return how many KPIs each contract has in its set in force, or in the next to hold; one query."""
    month = first_of_month(today())
    sets = (
        KPISet.objects.filter(
            status=KPISet.Status.APPROVED, contract__in=[contract.pk for contract in contracts]
        )
        .annotate(terms_count=Count("terms"))
        .order_by("contract_id", "effective_month", "number")
        .values_list("contract_id", "effective_month", "terms_count")
    )
    found: dict[int, int] = {}
    for contract_id, effective, count in sets:
        # In order of months: what holds now replaces what held before; what is to come counts only alone.
        if contract_id not in found or (effective is not None and effective <= month):
            found[contract_id] = count
    return found


def set_in_force(contract: Contract) -> KPISet | None:
    """Return the approved set of KPIs that holds this month, or else the next one to hold; no exception."""
    approved = contract.kpi_sets.filter(status=KPISet.Status.APPROVED)
    now = approved.in_force(first_of_month(today())).first()
    held = now or approved.order_by("effective_month", "number").first()
    return None if held is None or held.is_exception else held


def _duty(contract: Contract, here: int) -> Duty:
    facts = (_kind(contract), _regime(contract), _value(contract), _exemption(contract))
    against = next((fact for fact in facts if fact.holds is False), None)
    unknown = [fact for fact in facts if fact.holds is None]
    elsewhere = contract.kpis_elsewhere
    applies: bool | None
    is_met: bool | None = None
    to_do = ""
    if against is not None:
        applies, reason, decided_by = False, against.sentence, against.name
        if against.name == "exemption":
            to_do = "State the reason in the contract details notice (UK7)."
    elif unknown:
        applies, decided_by = None, unknown[0].name
        reason = " ".join(fact.sentence for fact in unknown)
        to_do = f"Record {' and '.join(RECORD[fact.name] for fact in unknown)}."
    else:
        applies, decided_by = True, ""
        reason = f"It is procured under {ACT} and {_lower(facts[2].sentence)}"
        is_met, to_do = _met(here, elsewhere)
    return Duty(applies, reason, decided_by, facts, here, elsewhere, is_met, to_do)


RECORD = {
    "regime": "the day its procurement began, or the rules it was procured under",
    "value": "the estimated value including VAT",
}


def _met(here: int, elsewhere: int | None) -> tuple[bool | None, str]:
    """Return whether there are enough KPIs, and what to do."""
    missing = NEEDED - here - (elsewhere or 0)
    if missing <= 0:
        return True, "Nothing more to set. A notice names the three most material of them."
    here_words = formats.plural(here, "KPI is", "KPIs are")
    if elsewhere is None:
        return None, (
            f"{here_words} in force here. Record how many KPIs it has elsewhere, such as service KPIs."
        )
    more = formats.plural(missing, "more KPI", "more KPIs")
    return False, (f"Set {more}, or record why performance could not appropriately be assessed by KPIs.")


def _kind(contract: Contract) -> Fact:
    if contract.agreement_type == AgreementType.FRAMEWORK:
        return Fact("kind", False, "Section 52 leaves out frameworks.", "agreement_type")
    plural = {
        ActKind.CONCESSION: "concession contracts",
        ActKind.LIGHT_TOUCH: "light touch contracts",
        ActKind.PRIVATE_UTILITY: "utilities contracts awarded by a private utility",
    }
    if contract.act_kind:
        return Fact("kind", False, f"Section 52 leaves out {plural[ActKind(contract.act_kind)]}.", "act_kind")
    kind = contract.get_agreement_type_display().lower()
    return Fact("kind", True, f"It is of a kind section 52 covers: {kind}.", "agreement_type")


def _regime(contract: Contract) -> Fact:
    """A call-off follows its parent framework: what governs is the procurement of the framework."""
    root = contract.governing
    of = "the framework it is called off from" if root is not contract else "it"
    its = "The framework’s" if root is not contract else "Its"
    regime, began, field = contract.governing_regime, contract.governing_began_on, "regime"
    if regime == Regime.PA2023:
        if began:
            return Fact(
                "regime", True, f"{its} procurement began on {formats.day(began)}, under {ACT}.", field
            )
        return Fact("regime", True, f"{_upper(of)} is procured under {ACT}.", field)
    if regime:
        label = root.get_regime_display()
        rules = "earlier rules" if regime == Regime.EARLIER else f"the {label}"
        return Fact("regime", False, f"{_upper(of)} was procured under {rules}, not {ACT}.", field)
    if began:
        return Fact(
            "regime",
            False,
            f"{its} procurement began on {formats.day(began)}, before {ACT} came into force on "
            f"{formats.day(PA2023_IN_FORCE)}.",
            "procurement_began_on",
        )
    entered = contract.awarded_on
    if entered and entered < PA2023_IN_FORCE:
        done = "signed" if contract.signed_on else "running"
        return Fact(
            "regime",
            False,
            f"It was {done} on {formats.day(entered)}, before {ACT} came into force on "
            f"{formats.day(PA2023_IN_FORCE)}.",
            field,
        )
    return Fact(
        "regime", None, f"Nobody has recorded which rules {of} was procured under, or when that began.", field
    )


def _value(contract: Contract) -> Fact:
    value, field = contract.estimated_value_inc_vat, "estimated_value_inc_vat"
    limit = formats.money(THRESHOLD)
    if value is None:
        return Fact("value", None, "Nobody has recorded its estimated value including VAT.", field)
    words = f"Its estimated value including VAT is {formats.money(value)}"
    if value > THRESHOLD:
        return Fact("value", True, f"{words}, over {limit}.", field)
    return Fact("value", False, f"{words}, not over {limit}.", field)


def _exemption(contract: Contract) -> Fact:
    why = contract.kpi_exemption.strip()
    if not why:
        return Fact("exemption", True, "No reason for setting no KPIs is recorded.", "kpi_exemption")
    return Fact(
        "exemption",
        False,
        f"The council considers that performance could not appropriately be assessed by KPIs: “{why}”",
        "kpi_exemption",
    )


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
