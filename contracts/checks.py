"""What must hold for a contract's facts, as sentences by field."""

from collections.abc import Iterable

from accounts.calendar import today
from accounts.models import Person, Role
from contracts.models import AgreementType, Contract

# Facts a person may give a contract by hand, in the order pages show them.
FACTS = (
    "title", "reference", "description", "stage", "category", "process", "agreement_type", "parent",
    "our_share", "act_kind", "regime", "procurement_began_on", "signed_on", "tier", "citywide", "wards",
    "supplier_text", "sme", "vcse",
    "directorate", "partner_directorates", "department", "commissioner", "manager", "deputies",
    "starts_on", "ends_on", "extended_to", "last_extension_to", "review_on", "terminated_on",
    "value", "value_basis", "value_note", "irrecoverable_vat", "estimated_value_inc_vat",
    "social_value_weighting", "monitoring", "kpis_elsewhere", "kpi_exemption",
)  # fmt: skip
# Given when a contract is added; later each changes by a verb of its own, which sees to what follows from it.
MOVED_ELSEWHERE = {
    "directorate": "A contract moves to another directorate by “Move to another directorate” on its page",
    "stage": "A contract moves to another stage by “Move to another stage” on its page",
    "extended_to": "A contract is extended by “Extend” on its page",
    "terminated_on": "A contract is terminated by “Terminate” on its page",
}
LISTS = frozenset({"wards", "partner_directorates", "deputies"})
PEOPLE = frozenset({"manager", "commissioner", "deputies"})

Problem = tuple[str, str]


def problems(contract: Contract, lists: dict, changed: Iterable[str]) -> list[Problem]:
    """Return (field, sentence) for all that does not hold; people are checked only where they changed.

    `contract` carries the new facts unsaved; `lists` the new many-to-many values by name.
    """
    changed = set(changed)
    found: list[Problem] = []
    if not contract.title.strip():
        found.append(("title", "Enter a title"))
    found += _dates(contract)
    found += _amounts(contract)
    found += _places(contract, lists)
    if contract.parent_id and contract.agreement_type != AgreementType.CALL_OFF:
        found.append(("parent", "Only a call-off has a framework it is called off from"))
    if contract.parent_id and contract.parent_id == contract.pk:
        found.append(("parent", "A contract can't be called off from itself"))
    if changed & (PEOPLE | {"directorate"}):
        found += _people(contract, lists, changed)
    return found


def _dates(contract: Contract) -> list[Problem]:
    start, end = contract.starts_on, contract.ends_on
    found: list[Problem] = []
    if start and end and end < start:
        found.append(("ends_on", "The end date must be the same as or after the start date"))
    if contract.extended_to and end and contract.extended_to < end:
        found.append(("extended_to", "The date it is extended to must be after the end date"))
    if contract.last_extension_to and end and contract.last_extension_to < end:
        found.append(("last_extension_to", "The latest possible end date can't be before the end date"))
    if contract.signed_on and contract.signed_on > today():
        found.append(("signed_on", "The date it was signed can't be in the future"))
    if contract.terminated_on and start and contract.terminated_on < start:
        found.append(("terminated_on", "The contract can't be terminated before it starts"))
    return found


def _amounts(contract: Contract) -> list[Problem]:
    found: list[Problem] = []
    for name, noun in (("our_share", "Our share"), ("social_value_weighting", "The social value weighting")):
        amount = getattr(contract, name)
        if amount is not None and not 0 <= amount <= 100:
            found.append((name, f"{noun} must be between 0 and 100"))
    if contract.our_share == 0:
        found.append(("our_share", "Our share must be more than 0"))
    for name, noun in (
        ("value", "The value"),
        ("irrecoverable_vat", "Irrecoverable VAT"),
        ("estimated_value_inc_vat", "The estimated value including VAT"),
    ):
        amount = getattr(contract, name)
        if amount is not None and amount < 0:
            found.append((name, f"{noun} must be £0 or more"))
    return found


def _places(contract: Contract, lists: dict) -> list[Problem]:
    found: list[Problem] = []
    department = contract.department
    if department is not None and department.directorate_id != contract.directorate_id:
        inside = f"of {contract.directorate}" if contract.directorate else "once a directorate is chosen"
        found.append(("department", f"Select a department {inside}"))
    partners = lists.get("partner_directorates")
    if contract.directorate and partners and contract.directorate in partners:
        found.append(("partner_directorates", "The lead directorate can't also be a partner"))
    return found


def _people(contract: Contract, lists: dict, changed: set[str]) -> list[Problem]:
    found: list[Problem] = []
    deputies = list(lists.get("deputies") or [])
    asked = [person for person in (contract.manager, *deputies) if person is not None]
    managers: set[int] = set()
    if changed & {"manager", "deputies"} and asked:
        managers = set(
            Person.objects.appointed(Role.CONTRACT_MANAGER)
            .filter(pk__in=[person.pk for person in asked])
            .values_list("pk", flat=True)
        )
    if "manager" in changed and contract.manager and contract.manager.pk not in managers:
        found.append(("manager", f"{contract.manager} does not hold a contract manager's post today"))
    if "deputies" in changed:
        found += [
            ("deputies", f"{person} does not hold a contract manager's post today")
            for person in deputies
            if person.pk not in managers
        ]
    if contract.manager and contract.manager in deputies and changed & {"manager", "deputies"}:
        found.append(("deputies", f"{contract.manager} is its manager, so can't also be a deputy"))
    commissioner = contract.commissioner
    if commissioner is not None and changed & {"commissioner", "directorate"}:
        posts = Person.objects.appointed(Role.COMMISSIONER, directorate=contract.directorate)
        if contract.directorate is None or not posts.filter(pk=commissioner.pk).exists():
            where = contract.directorate or "no directorate"
            found.append(("commissioner", f"{commissioner} is not a commissioner of {where} today"))
    return found
