"""What exactly is sent for approval: a set's whole content as plain data, and the hash a decision quotes."""

import hashlib
import json
from decimal import Decimal

from contracts.models import ProportionateRule
from kpis.proposals.models import KPISet, KPITerms, SetSubmission
from kpis.proxies.models import Proxy

Often = ProportionateRule.Often
# What the library calls things, beside what the set itself says of them.
NAMES = frozenset({"measure", "measure_title", "unit_name"})


def number(value: Decimal | None) -> str | None:
    """Return the number without needless zeros, so that the same content always hashes the same."""
    if value is None:
        return None
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def content_of(kpi_set: KPISet) -> dict:
    """Return the set in full, dates as YYYY-MM, numbers as text: what is frozen at submission."""
    contract = kpi_set.contract
    # Only where it isn't each month: what was sent before anybody could choose still hashes as it did.
    often = {"returns_every": kpi_set.returns_every} if kpi_set.returns_every != Often.MONTHLY else {}
    # Of exceptions only, so that sets of KPIs hash as they always did.
    exception = _exception(kpi_set) if kpi_set.is_exception else {}
    return {
        "contract": {"number": contract.pk, "title": contract.title, "reference": contract.reference},
        "set": kpi_set.number,
        "effective_month": _month(kpi_set.effective_month),
        "why": kpi_set.why,
        "supplier_agreed": kpi_set.supplier_agreed,
        **often,
        **exception,
        **_as_signed(kpi_set),
        "kpis": [_kpi(terms) for terms in full_terms(kpi_set)],
    }


def _as_signed(kpi_set: KPISet) -> dict:
    """Return what only a set that was adopted as signed has: its document, and who reported before."""
    if not kpi_set.signed_document:
        return {}
    return {"signed_document": kpi_set.signed_document, "returns_from": _month(kpi_set.returns_from)}


def _exception(kpi_set: KPISet) -> dict:
    """Return why there are no KPIs, in the words of that day, and until when; `why` stands beside."""
    return {
        "kind": kpi_set.kind,
        "reason": kpi_set.reason,
        "reason_words": kpi_set.get_reason_display(),
        "review_on": f"{kpi_set.review_on:%Y-%m-%d}" if kpi_set.review_on else None,
    }


def full_terms(kpi_set: KPISet):
    """Return the set's terms in order with everything about them fetched: four queries."""
    return (
        kpi_set.terms.select_related(
            *("cohort", "kpi__measure__unit", "kpi__measure__theme", "kpi__measure__cohort", "kpi__unit"),
            "proxy",
        )
        .prefetch_related("monthly_targets", "kpi__measure__cohort_splits", "proxy__values")
        .order_by("position", "pk")
    )


def still_says(kpi_set: KPISet, submission: SetSubmission) -> bool:
    """Return whether the set still says what was sent: a decision must not be one on other words.

    Names that belong to the register or the library, of contract, measure and unit, may have been put right
    since: what is approved is the text as it was sent, hash and all.
    """
    sent = submission.content
    return hash_of(sent) == kpi_set.content_hash and _own_words(content_of(kpi_set)) == _own_words(sent)


def _own_words(content: dict) -> dict:
    kpis = [{name: kpi[name] for name in kpi if name not in NAMES} for kpi in content["kpis"]]
    return {**content, "contract": content["contract"]["number"], "kpis": kpis}


def _kpi(terms: KPITerms) -> dict:
    measure = terms.kpi.measure
    return {
        "position": terms.position,
        "kpi": terms.kpi_id,
        "measure": measure.code,
        "measure_title": measure.title,
        "title": terms.title,
        "unit": terms.kpi.unit.code,
        "unit_name": terms.kpi.unit.name,
        "kind": terms.kpi.kind,
        "direction": terms.kpi.direction,
        "roll_up": measure.roll_up,
        "numerator_name": measure.numerator_name,
        "denominator_name": measure.denominator_name,
        "target": number(terms.target),
        "starts_month": _month(terms.starts_month),
        "ends_month": _month(terms.ends_month),
        "baseline": number(terms.baseline),
        "profile": terms.profile,
        "monthly_targets": {_month(row.month): number(row.amount) for row in terms.monthly_targets.all()},
        "cohort": str(terms.cohort) if terms.cohort else None,
        "counting_rule": terms.counting_rule,
        "evidence_expected": terms.evidence_expected,
        "green_from": number(terms.green_from),
        "amber_from": number(terms.amber_from),
        # Only where there is one: what was sent before there were £ values still hashes as it did.
        **({"proxy": _proxy(terms.proxy)} if terms.proxy else {}),
        "why": terms.why,
    }


def _proxy(proxy: Proxy) -> dict:
    """Return the £ value in full, numbers as text: what a later change of the library can't reach."""
    return {
        "number": proxy.pk,
        "name": proxy.name,
        "price_year": proxy.price_year,
        "source": proxy.source,
        "stream": proxy.stream,
        "factor": number(proxy.factor),
        "values": [
            {
                "year": row.year,
                "value": number(row.value),
                "low": number(row.low),
                "high": number(row.high),
            }
            for row in proxy.values.all()
        ],
    }


def _month(month) -> str | None:
    return f"{month:%Y-%m}" if month else None


def canonical(content: dict) -> bytes:
    """Return the one way of writing the content down: keys in order, no spaces, UTF-8."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def hash_of(content: dict) -> str:
    """Return the content's SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(content)).hexdigest()
