"""A contract's facts as rows of a summary list, each with the place in the form where it is changed."""

from __future__ import annotations

from django.utils.html import format_html_join

from accounts.models import Person
from contracts.models import Contract, Regime
from contracts.permissions import may_see
from govuk import formats
from reporting.pages.addresses import address

Row = tuple[str, object, str]
LINK = '<a class="govuk-link" href="{}">{}</a>{}'


def summary(contract: Contract, person: Person, edit_url: str) -> list[Row]:
    """Return (label, value, address of its box in the form or ""); rare facts only where they are given."""
    rows: list[tuple[str, object, str, bool]] = [
        ("Reference", contract.reference, "reference", True),
        ("Description", contract.description, "description", False),
        ("Suppliers", _suppliers(contract), "supplier_names", True),
        ("Past suppliers", _past_suppliers(contract), "", False),
        ("SME", contract.get_sme_display() if contract.sme else "", "sme_0", False),
        ("VCSE", contract.get_vcse_display() if contract.vcse else "", "vcse_0", False),
        ("Directorate", contract.directorate, "", True),
        ("Department", contract.department, "department", False),
        ("Partner directorates", _names(contract.partner_directorates.all()),
         "partner_directorates_0", False),
        ("Category", contract.category, "category", True),
        ("Agreement", contract.get_agreement_type_display(), "agreement_type_0", True),
        ("Called off from", title_of(contract.parent, person), "parent_number", False),
        ("Our share", formats.percent(contract.our_share), "our_share", False),
        ("Special kind", contract.get_act_kind_display() if contract.act_kind else "", "act_kind", False),
        ("Split from", title_of(contract.split_from, person), "", False),
        ("Signed on", formats.day(contract.signed_on), "signed_on_0", False),
        ("Start date", formats.day(contract.starts_on), "starts_on_0", True),
        ("End date", formats.day(contract.ends_on), "ends_on_0", True),
        ("Extended to", formats.day(contract.extended_to), "extended_to", False),
        ("Latest possible end date", formats.day(contract.last_extension_to), "last_extension_to_0", False),
        ("Review date", formats.day(contract.review_on), "review_on_0", False),
        ("Terminated on", formats.day(contract.terminated_on), "", False),
        ("Why it was terminated", contract.termination_reason, "", False),
        ("Value", _value(contract), "value", True),
        ("Estimated value including VAT", formats.money(contract.estimated_value_inc_vat),
         "estimated_value_inc_vat", False),
        ("Irrecoverable VAT", formats.money(contract.irrecoverable_vat), "irrecoverable_vat", False),
        ("Fixed or estimated", contract.value_note, "value_note", False),
        ("Social value weighting", formats.percent(contract.social_value_weighting),
         "social_value_weighting", False),
        ("Procurement rules", _regime(contract, person), "regime", True),
        ("Procurement began on", _began(contract, person), "procurement_began_on_0", False),
        ("Procurement process", contract.process, "process", False),
        ("Tier", contract.tier, "tier", False),
        ("Stage", contract.get_stage_display(), "stage", True),
        ("Where", _where(contract), "citywide", False),
        ("How it is monitored", contract.monitoring, "monitoring", False),
        ("KPIs kept elsewhere", contract.kpis_elsewhere, "kpis_elsewhere", False),
        ("Reason for setting no KPIs", contract.kpi_exemption, "kpi_exemption", False),
    ]  # fmt: skip
    shown = [
        (label, "" if value is None else value, _change_url(contract, box, edit_url))
        for label, value, box, always in rows
        if always or value not in (None, "")
    ]
    if contract.directorate_text:
        shown.append(("Department in the register", contract.directorate_text, ""))
    return shown


def title_of(other: Contract | None, person: Person) -> str:
    """Return the title of another contract, or where it is, for somebody who may not see it."""
    if other is None or may_see(person, other):
        return str(other or "")
    return f"Contract {other.pk} of another part of the council"


def _change_url(contract: Contract, box: str, edit_url: str) -> str:
    """Return where the fact is changed: in its box of the form, the stage on the page that moves it."""
    if not edit_url or not box:
        return ""
    pages = {"stage": "contracts:stage-move", "extended_to": "kpis:contract-extend"}
    return address(pages[box], contract.number) if box in pages else f"{edit_url}#id_{box}"


def _suppliers(contract: Contract) -> object:
    """Return its suppliers today with pages and numbers, or the register's text where none is linked."""
    named = [
        (one.get_absolute_url(), one.name, f" (company {one.company_number})" if one.company_number else "")
        for one in contract.current_suppliers
    ]
    return format_html_join("; ", LINK, named) or contract.supplier_text


def _past_suppliers(contract: Contract) -> object:
    """Return the suppliers the contract was novated away from, each with its last day."""
    past = [link for link in contract.supplier_links.all() if link.until is not None]
    named = [
        (link.supplier.get_absolute_url(), link.supplier.name, f" (until {formats.day(link.until)})")
        for link in sorted(past, key=lambda link: str(link.until))
    ]
    return format_html_join("; ", LINK, named)


def _followed(contract: Contract, person: Person) -> str:
    """Return ", following the framework X" for a call-off, whose procurement is its framework's."""
    root = contract.governing
    if root is contract:
        return ""
    which = f"framework {root.title}" if may_see(person, root) else "framework it is called off from"
    return f", following the {which}"


def _regime(contract: Contract, person: Person) -> str:
    """Return the rules it was bought under, and whether that is told from its day or its framework."""
    words = dict(Regime.choices)[contract.governing_regime]
    told = contract.governing_regime and not contract.governing.regime
    return (
        f"{words}{', told from the day the procurement began' if told else ''}{_followed(contract, person)}"
    )


def _began(contract: Contract, person: Person) -> str:
    """Return the day its procurement began, or its framework's."""
    began = contract.governing_began_on
    return f"{formats.day(began)}{_followed(contract, person)}" if began else ""


def _names(things) -> str:
    return ", ".join(str(thing) for thing in things)


def _value(contract: Contract) -> str:
    """Return the value in full with what it is the value of."""
    if contract.value is None:
        return ""
    basis = {"annual": " a year", "whole": " for the whole contract"}.get(contract.value_basis, "")
    return f"{formats.money(contract.value)}{basis}"


def _where(contract: Contract) -> str:
    return _names(contract.wards.all()) if not contract.citywide else "The whole area"
