"""Keeping £ values: add, replace, withdraw, choose the usual one; each a new row or a mark, none edited."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.calendar import today
from accounts.history import record
from accounts.models import Person
from accounts.verbs.recipe import Invalid, Stale, lock, require
from kpis.library.models import Measure
from kpis.proxies import words
from kpis.proxies.checks import check, why_not_priced
from kpis.proxies.lines import Figure
from kpis.proxies.models import Proxy, ProxyValue
from kpis.proxies.permissions import may_keep

# What is said of a proxy when it is made; its figures come apart.
FIELDS = (
    "name",
    "stream",
    "price_year",
    "geography",
    "is_local",
    "source",
    "source_url",
    "licence",
    "valid_from",
    "valid_until",
    "deadweight",
    "attribution",
    "displacement",
    "lasts_years",
    "drop_off",
    "adjustments_why",
    "note",
    "uplift_working",
    "deflators",
)


def add_proxy(
    measure: Measure, *, by: Person, values: Iterable[Figure], usual: bool | None = None, **facts: Any
) -> Proxy:
    """Return the measure's new £ value per unit. `facts` are those of FIELDS; `values` as `lines.Figure`.

    New KPIs take it where `usual` says so, or, left open, where the measure has no usual value yet. Raises
    Invalid with everything that is wrong; a measure whose units can have no £ value is refused with why.
    """
    require(may_keep(by))
    figures = list(values)
    with transaction.atomic():
        measure = lock(Measure, measure.pk)
        _check(measure, facts, figures, usual)
        proxy = _make(measure, figures, by, usual=usual, **facts)
        record(
            action="proxies.add_proxy",
            subject=proxy,
            by=by,
            summary=f"Added the £ value “{proxy.name}” of {measure.code}",
            after=_told(proxy),
        )
    return proxy


def replace_proxy(
    proxy: Proxy,
    *,
    by: Person,
    values: Iterable[Figure],
    why: str,
    usual: bool | None = None,
    **facts: Any,
) -> Proxy:
    """Return the £ value that takes the proxy's place for KPI sets to come; those that have it keep it.

    Left open in `usual`, new KPIs take the new one where they took the old. Raises Invalid, and Stale where
    the old one is withdrawn already.
    """
    require(may_keep(by))
    figures = list(values)
    with transaction.atomic():
        measure = lock(Measure, proxy.measure_id)
        old = _standing(proxy)
        was_usual = old.is_usual
        errors = [] if why.strip() else [("why", "Enter why it is replaced")]
        _check(measure, facts, figures, usual, instead_of=old, errors=errors)
        _withdraw(old, f"Replaced by “{facts['name']}”: {why.strip()}")
        new = _make(measure, figures, by, usual=was_usual if usual is None else usual, replaces=old, **facts)
        record(
            action="proxies.replace_proxy",
            subject=new,
            by=by,
            note=why.strip(),
            summary=f"Replaced the £ value “{old.name}” of {measure.code} by “{new.name}”",
            before=_told(old),
            after=_told(new),
        )
        record(
            action="proxies.replaced",
            subject=old,
            by=by,
            note=why.strip(),
            summary=f"Replaced by “{new.name}”: {words.per_unit(new)}",
        )
    return new


def withdraw(proxy: Proxy, *, by: Person, why: str) -> Proxy:
    """Return the proxy, no longer offered to KPI sets; those approved with it keep it, with its figures."""
    require(may_keep(by))
    if not why.strip():
        raise Invalid([("why", "Enter why it is withdrawn")])
    with transaction.atomic():
        lock(Measure, proxy.measure_id)
        proxy = _standing(proxy)
        _withdraw(proxy, why.strip())
        record(
            action="proxies.withdraw",
            subject=proxy,
            by=by,
            note=why.strip(),
            summary=f"Withdrew the £ value “{proxy.name}” of {proxy.measure.code} from KPI sets to come",
        )
    return proxy


def make_usual(proxy: Proxy, *, by: Person, note: str = "") -> Proxy:
    """Return the proxy, now the one new KPIs of its measure take; KPI sets that stand keep theirs."""
    require(may_keep(by))
    with transaction.atomic():
        measure = lock(Measure, proxy.measure_id)
        proxy = _standing(proxy)
        if proxy.is_usual:
            raise Stale(f"“{proxy.name}” is the usual £ value of {measure.code} already.")
        if not proxy.is_offered_on(today()):
            raise Invalid(
                f"“{proxy.name}” is valid {words.validity(proxy)}: new KPIs can't take it today. Choose one "
                "that is valid, or replace it"
            )
        before = measure.proxies.filter(is_usual=True).first()
        _make_only_usual(proxy)
        record(
            action="proxies.make_usual",
            subject=proxy,
            by=by,
            note=note,
            summary=f"Made “{proxy.name}” the usual £ value of {measure.code}",
            before={"Usual": before.name} if before else None,
            after={"Usual": proxy.name},
        )
    return proxy


def _check(measure, facts, figures, usual, *, instead_of=None, errors=()):
    unknown = set(facts) - set(FIELDS)
    if unknown:
        raise TypeError(f"A £ value has no {', '.join(sorted(unknown))}.")
    refused = why_not_priced(measure)
    if refused:
        raise Invalid(refused)
    found = [*errors, *check(facts, figures, today())]
    others = measure.proxies.filter(withdrawn_at=None, name__iexact=str(facts.get("name") or "").strip())
    if others.exclude(pk=instead_of.pk if instead_of else None).exists():
        found.append(("name", f"{measure.code} has a £ value of this name already. Choose another name"))
    begins, ends = facts.get("valid_from"), facts.get("valid_until")
    if usual and ((begins and begins > today()) or (ends and ends < today())):
        found.append(("usual", "New KPIs can't take it as usual before it is valid, or after"))
    if found:
        raise Invalid(found)


def _make(measure, figures, by, *, usual, replaces=None, **facts):
    proxy = Proxy(measure=measure, unit_id=measure.unit_id, replaces=replaces, added_by=by, **facts)
    proxy.save()
    ProxyValue.objects.bulk_create(
        [
            ProxyValue(proxy=proxy, year=one.year, value=one.value, low=one.low, high=one.high)
            for one in figures
        ]
    )
    if usual is None:
        usual = not measure.proxies.filter(is_usual=True).exists()
    if usual and proxy.is_offered_on(today()):
        _make_only_usual(proxy)
    return proxy


def _make_only_usual(proxy):
    Proxy.objects.filter(measure=proxy.measure_id, is_usual=True).exclude(pk=proxy.pk).update(is_usual=False)
    proxy.is_usual = True
    proxy.save()


def _standing(proxy):
    proxy = lock(Proxy, proxy.pk)
    if proxy.is_withdrawn:
        raise Stale(f"“{proxy.name}” is withdrawn already. {proxy.withdrawn_why}".strip())
    return proxy


def _withdraw(proxy, why):
    proxy.withdrawn_at, proxy.withdrawn_why, proxy.is_usual = timezone.now(), why[:300], False
    proxy.save()


def _told(proxy):
    """Return what history keeps of a proxy: its figures in words, source, licence, factor."""
    told = {"£ per unit": words.per_unit(proxy), "Source": proxy.source, "Licence": proxy.licence}
    ranges = [
        f"{words.unit_range(row)} in {row.year}" if row.year else words.unit_range(row)
        for row in words.ends(proxy)
        if words.unit_range(row)
    ]
    if ranges:
        told["Range"] = "; ".join(ranges)
    if proxy.factor != 1:
        told["Factor"] = f"{words.factor(proxy)}: {'; '.join(words.adjustments(proxy))}"
    if proxy.uplift_working:
        told["Uplift"] = proxy.uplift_working
    return told
