"""The facts notices give of one contract, as the texts a contract's fields are compared in."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from contracts.models import ActKind, AgreementType, Regime
from contracts.notices.compiling import Said, at, latest, leaf, rows, words
from contracts.notices.metrics import kpis_of, names_of
from contracts.notices.package import Release
from contracts.notices.parties import supplier_text, suppliers_of, together
from contracts.notices.reading import AWARDED, NO_SUPPLIER, PLANNING, TENDER, TERMINATED, Item
from contracts.notices.texts import amount_of, clean, cut, day_of, flag_of, line, said
from contracts.register.fields import BY_NAME
from contracts.register.values import PLACEHOLDERS
from govuk.formats import day as show_day
from govuk.formats import money
from spreadsheets.mapping import normal
from spreadsheets.values import CellError

# Fields of the contract notices can fill, in the order changes are told.
FIELDS: tuple[str, ...] = (
    "reference",
    "title",
    "description",
    "supplier_text",
    "sme",
    "vcse",
    "directorate_text",
    "category_text",
    "process",
    "starts_on",
    "ends_on",
    "last_extension_to",
    "signed_on",
    "value",
    "value_basis",
    "estimated_value_inc_vat",
    "agreement_type",
    "regime",
    "act_kind",
    "kpi_exemption",
)
REGIMES = {"2023/54": Regime.PA2023, "2015/102": Regime.PCR2015}
SPECIAL = {"lighttouch": ActKind.LIGHT_TOUCH, "concession": ActKind.CONCESSION}
_METHODS = {"open": "Open", "selective": "Selective", "limited": "Limited", "direct": "Direct award"}


def read_facts(item: Item) -> None:
    """Put on the item every fact its notices give, with the release each is from, and what is noticed."""
    _words(item)
    _suppliers(item)
    _dates(item)
    _values(item)
    _kinds(item)
    _kpis(item)
    _events(item)
    _look_at(item)
    item.warnings = list(dict.fromkeys(item.warnings))


def _put(item: Item, name: str, text: str, *sources: Said | Release | None) -> None:
    """Keep a fact that is not blank, with the newest release it rests on."""
    found = [one.release if isinstance(one, Said) else one for one in sources if one is not None]
    if text and found:
        item.read[name] = text
        item.sources[name] = max(found, key=lambda one: (one.date, one.position))


def _first(*candidates: tuple[Any, ...]) -> Said | None:
    """Return the first value that is not blank among (node, path...)."""
    for node, *path in candidates:
        found = leaf(node, *path)
        if found is not None and clean(found.value):
            return found
    return None


def _fit(item: Item, name: str, text: str) -> str:
    longest = BY_NAME[name].longest
    if longest and len(text) > longest:
        item.warnings.append(
            f"The {BY_NAME[name].label.lower()} has {len(text):,} characters; the first {longest - 1} are "
            "kept."
        )
        return cut(text, longest)
    return text


def _words(item: Item) -> None:
    tree, tender = item.tree, at(item.tree, "tender")
    title = _first(
        (item.contract, "title"), (item.award, "title"), (tender, "title"), (tree, "title"),
        (tree, "planning", "project", "title"), (tree, "planning", "budget", "project"),
    )  # fmt: skip
    if title:
        text, sources = line(title.value), [title]
        own = _first((item.contract, "title"), (item.award, "title"))
        lot = leaf(item.lot, "title")
        if own is None and lot and item.step != TENDER and len(rows(tree, "tender", "lots")) > 1:
            name = line(lot.value)
            if name and normal(name) not in normal(text):
                text, sources = f"{text}: {name}", [title, lot]
        _put(item, "title", _fit(item, "title", text), *sources)
    description = _first(
        (item.contract, "description"), (item.award, "description"), (tender, "description"),
        (tree, "description"), (tree, "planning", "rationale"),
    )  # fmt: skip
    if description:
        _put(item, "description", clean(description.value), description)
    reference = leaf(tender, "id")
    if reference:
        text = line(reference.value)
        # A number of the publisher's system says nothing: only the council's own reference does.
        if text and not text.lower().startswith("ocds-") and len(text) > 2:
            _put(item, "reference", _fit(item, "reference", text), reference)
    method = _first((tender, "procurementMethodDetails"), (tender, "procurementMethod"))
    if method:
        text = line(method.value)
        if leaf(tender, "procurementMethodDetails") is not method:
            text = _METHODS.get(text, text)
        text = re.sub(r"\s*[-–]\s*$", "", text)
        _put(item, "process", _fit(item, "process", text), method)
    _category(item)


def _category(item: Item) -> None:
    """The first CPV description: of the whole, or of the award's own items."""
    nodes: list[Any] = [at(item.tree, "tender", "classification")]
    for holder in (item.contract, item.award, at(item.tree, "tender")):
        for one in rows(holder, "items").values():
            nodes += [at(one, "classification"), *rows(one, "additionalClassifications").values()]
    nodes += rows(item.tree, "tender", "additionalClassifications").values()
    for node in nodes:
        words_of, number = leaf(node, "description"), leaf(node, "id")
        if words_of and line(words_of.value):
            _put(item, "category_text", _fit(item, "category_text", line(words_of.value)), words_of)
            return
        if number and line(number.value):
            scheme = leaf(node, "scheme")
            text = f"{line(scheme.value) if scheme else ''} {line(number.value)}".strip()
            _put(item, "category_text", _fit(item, "category_text", text), number)
            return


def _suppliers(item: Item) -> None:
    item.suppliers, release = suppliers_of(item.tree, [item.contract, item.award], item.warnings)
    if not item.suppliers:
        if item.step in (AWARDED, TERMINATED) and not item.reasons and item.award is not None:
            item.warnings.append(NO_SUPPLIER)
        return
    _put(item, "supplier_text", supplier_text(item.suppliers), release)
    for name in ("sme", "vcse"):
        answers = [getattr(one, name) for one in item.suppliers]
        _put(item, name, together(answers), release)
        if len(set(answers)) > 1 and {"yes", "no"} <= set(answers):
            what = "small or medium-sized" if name == "sme" else "voluntary, community or social enterprises"
            item.warnings.append(f"Some of its suppliers are {what} and some are not: left as not recorded.")


def _dates(item: Item) -> None:
    tender = at(item.tree, "tender")
    holders = (
        (item.contract, "period"),
        (item.award, "contractPeriod"),
        (item.lot, "contractPeriod"),
        (tender, "contractPeriod"),
    )
    for name, part in (
        ("starts_on", "startDate"),
        ("ends_on", "endDate"),
        ("last_extension_to", "maxExtentDate"),
    ):
        for node, period in holders:
            if _take(item, name, leaf(node, period, part), day_of, f"{period}.{part}"):
                break
    _take(item, "signed_on", leaf(item.contract, "dateSigned"), day_of, "dateSigned")


def _take(item: Item, name: str, found: Said | None, read: Callable[[Any], Any], place: str) -> bool:
    """Read a day or an amount; what can't be read is said and left out. Returns whether there is one."""
    if found is None:
        return False
    try:
        value = read(found.value)
    except CellError as error:
        item.warnings.append(f"{found.release.label}, `{place}`: {error} Left out.")
        return False
    if value is None:
        return False
    _put(item, name, f"{value:.2f}" if isinstance(value, Decimal) else value.isoformat(), found)
    return True


def _values(item: Item) -> None:
    nodes = [at(item.contract, "value"), at(item.award, "value")]
    if item.step in (TENDER, PLANNING):
        nodes += [at(item.tree, "tender", "value"), at(item.lot, "value")]
    for name, part in (("value", "amount"), ("estimated_value_inc_vat", "amountGross")):
        for node in nodes:
            if _in_pounds(item, node, nodes) and _take(
                item, name, leaf(node, part), amount_of, f"value.{part}"
            ):
                break
    if "value" in item.read:
        item.read["value_basis"] = "whole"
        item.sources["value_basis"] = item.sources["value"]


def _in_pounds(item: Item, node: Any, nodes: list[Any]) -> bool:
    """Whether an amount is in pounds: an update may leave out the currency, but means the one said before."""
    every = (leaf(one, "currency") for one in (node, *nodes, at(item.tree, "tender", "value")))
    currency = next((line(one.value).upper() for one in every if one and line(one.value)), "")
    item.currency = item.currency or currency
    if currency in ("", "GBP"):
        return True
    sentence = f"The value is in {cut(currency, 20)}, not in pounds: left out."
    if sentence not in item.warnings:
        item.warnings.append(sentence)
    return False


def _kinds(item: Item) -> None:
    tender = at(item.tree, "tender")
    for node in (item.lot, tender):
        framework = leaf(node, "techniques", "hasFrameworkAgreement")
        if framework and flag_of(framework.value) == "yes":
            _put(item, "agreement_type", AgreementType.FRAMEWORK.value, framework)
            break
    if "calloff" in normal(item.read.get("process", "")):
        item.warnings.append(
            "The notice says it was called off from a framework: say which on the contract’s own page."
        )
    basis = leaf(tender, "legalBasis", "id")
    if basis:
        regime = REGIMES.get(line(basis.value))
        _put(item, "regime", regime.value if regime else "", basis)
    for node in (item.lot, tender):
        found = leaf(node, "specialRegime")
        kinds = [SPECIAL[normal(one)] for one in words(node, "specialRegime") if normal(one) in SPECIAL]
        if found and kinds:
            # Section 52 leaves both out; a light touch concession is recorded as the concession it is.
            kind = ActKind.CONCESSION if ActKind.CONCESSION in kinds else kinds[0]
            _put(item, "act_kind", kind.value, found)
            break
    item.suitable = _suitable(item)


def _suitable(item: Item) -> str:
    """Return whom the procurement was meant to suit, in words; says nothing of who won."""
    for node in (item.lot, at(item.tree, "tender")):
        found = [leaf(node, "suitability", name) for name in ("sme", "vcse")]
        if any(found):
            names = ("small or medium-sized suppliers", "voluntary, community or social enterprises")
            return " and ".join(
                name for name, one in zip(names, found, strict=True) if one and flag_of(one.value) == "yes"
            )
    return ""


def _kpis(item: Item) -> None:
    item.kpis = kpis_of(item.contract, item.award)
    agreed = [one for one in item.kpis if one["agreed"]]
    if agreed:
        count = len(agreed)
        item.warnings.append(
            f"{count} {'KPI' if count == 1 else 'KPIs'} named in the notice ({names_of(agreed)}): shown on "
            "the contract’s page. Propose the KPIs there, none is made by an import."
        )
    assessed = sum(len(one["ratings"]) for one in item.kpis)
    if assessed:
        item.warnings.append(
            f"{assessed} published {'assessment' if assessed == 1 else 'assessments'} of KPIs: shown on the "
            "contract’s page, no monthly return is filled from them."
        )
    rationale = _first((item.contract, "noAgreedMetricsRationale"), (item.award, "noAgreedMetricsRationale"))
    if rationale:
        _put(item, "kpi_exemption", clean(rationale.value), rationale)


def _events(item: Item) -> None:
    """Say amendments, terminations and failures: what follows from them is for people to record."""
    tender = at(item.tree, "tender") if item.step in (TENDER, PLANNING) else None
    for holder, name, what in (
        (item.contract, "proposedAmendments", "A change is proposed"),
        (item.contract, "amendments", "It was changed"),
        (item.award, "amendments", "The award was changed"),
        (tender, "amendments", "The tender was changed"),
    ):
        for one in rows(holder, name).values():
            item.warnings.append(f"{what}{_when(one)}{_why(one)}")
    reasons = rows(item.contract, "terminationRationaleClassifications").values()
    if reasons or item.step == TERMINATED:
        told = "; ".join(
            line(found.value) for one in reasons if (found := _first((one, "description"), (one, "id")))
        )
        more = f": {told}" if told else ""
        item.warnings.append(
            f"The notice says the contract has come to its end{more}. Record the termination on the "
            "contract’s page where it ended early."
        )
    for one in rows(item.contract, "implementation", "performanceFailures").values():
        item.warnings.append(f"A failure of performance is published{_why(one)}")
    for one in rows(item.tree, "relatedProcesses").values():
        if "framework" in [normal(word) for word in words(one, "relationship")]:
            number = leaf(one, "identifier")
            name = line(number.value)[:120] if number else "named in the notice"
            item.warnings.append(f"It belongs to the framework {name}.")


def _when(node: Any) -> str:
    found = leaf(node, "date")
    try:
        day = day_of(found.value) if found else None
    except CellError:
        day = None
    return f" on {show_day(day)}" if day else ""


def _why(node: Any) -> str:
    found = _first((node, "description"), (node, "rationale"), (node, "category"), (node, "requirement"))
    texts = [line(found.value)] if found else []
    for one in rows(node, "rationaleClassifications").values():
        if told := _first((one, "description"), (one, "id")):
            texts.append(line(told.value))
    return f": {cut('; '.join(dict.fromkeys(texts)), 400)}" if texts else "."


def _look_at(item: Item) -> None:
    value = item.read.get("value")
    if value is not None:
        amount = Decimal(value)
        if amount < 0:
            item.warnings.append(f"The value is below zero ({money(amount)}). Kept as it is.")
        elif amount in PLACEHOLDERS:
            item.warnings.append(
                f"The value is {money(amount)}, which often stands for “not known”. Kept as it is."
            )
    start, end, last = (item.read.get(name) for name in ("starts_on", "ends_on", "last_extension_to"))
    if start and end and end < start:
        item.warnings.append("The end date is before the start date. Both are kept as they are.")
    if end and last and last < end:
        item.warnings.append("The latest possible end date is before the end date.")


def fallback_title(item: Item) -> str:
    """Return a title where no notice gives one, said in a warning; "" where nothing is left to make it of."""
    if item.read.get("description"):
        text = cut(line(item.read["description"]), 500)
        item.warnings.append("No notice gives a title: the description is used.")
    elif item.suppliers:
        text = cut(f"Contract with {supplier_text(item.suppliers)}", 460) + f" ({item.ocid[:36]})"
        item.warnings.append(
            f"No notice gives a title: it is called {said(text, 100)} until one does or you change it."
        )
    else:
        return ""
    newest = latest(item.contract) or latest(item.award) or item.release
    _put(item, "title", text, newest)
    return text
