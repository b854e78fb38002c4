"""The KPIs of a set: added, changed, removed."""

from django.db import transaction

from accounts.history import changes, record
from accounts.verbs.recipe import Invalid, Stale
from govuk import formats
from kpis.library.models import Kind, Measure
from kpis.proposals import priced, profile, targets
from kpis.proposals.checks import amount_in_words, check_terms
from kpis.proposals.models import KPI, KPITerms
from kpis.proposals.months import usual_last_month
from kpis.proposals.takeable import refuse_other_frameworks
from kpis.proposals.verbs.changing import changed, open_set
from kpis.proxies import words

# What a person may change of a KPI besides its monthly targets.
FIELDS = (
    "title",
    "target",
    "starts_month",
    "ends_month",
    "baseline",
    "profile",
    "cohort",
    "counting_rule",
    "evidence_expected",
    "green_from",
    "amber_from",
    "proxy",
    "why",
)


def add_kpi(
    kpi_set, *, by, measure, target=None, ends_month=None, version=None, monthly=None, carried=False, **more
):
    """Return the new KPI of the set. `target` is whole-life for measures that add up, else the level to hold.

    It starts in the set's effective month and ends with the contract, in the measure's words, unless said
    otherwise in `more` (title, starts_month, baseline, profile, cohort, counting_rule, evidence_expected,
    green_from, amber_from, proxy, why). Its £ value is the measure's usual one of today unless `proxy` says
    another, or None for none. `monthly` maps months to amounts for a profile by hand. A measure
    of a framework the contract may not propose from is refused, except one `carried` from the set of a
    contract it was part of. Raises Invalid.
    """
    _only_known(more)
    with transaction.atomic():
        kpi_set = open_set(kpi_set, by, version)
        # As it stands now, whoever holds an older copy; nobody retires or changes it until this is saved.
        held = hold_measures([measure.pk])
        if not held:
            raise Stale("This measure was removed from the library while you had it open.")
        measure = held[0]
        if measure.status != Measure.Status.LIVE:
            raise Invalid(
                [
                    (
                        "measure",
                        f"“{measure.title}” is {measure.get_status_display().lower()} and can't be "
                        "proposed. Choose another measure",
                    )
                ]
            )
        if not carried:
            refuse_other_frameworks(kpi_set, measure)
        kpi = _identity(kpi_set.contract, measure)
        if kpi_set.terms.filter(kpi__measure=measure).exists():
            raise Invalid([("measure", f"“{measure.title}” is already in this set. Change that KPI instead")])
        starts = more.pop("starts_month", None) or kpi_set.effective_month
        last = kpi_set.terms.order_by("-position").first()
        proxy = more.pop("proxy") if "proxy" in more else priced.usual_proxy(measure)
        priced.check_choice(kpi_set, measure, proxy)
        terms = KPITerms(
            proxy=proxy,
            kpi_set=kpi_set,
            kpi=kpi,
            position=last.position + 1 if last else 1,
            starts_month=starts,
            ends_month=ends_month or usual_last_month(kpi_set.contract, starts),
            target=_target(measure, target),
            title=more.pop("title", "") or measure.title,
            counting_rule=more.pop("counting_rule", "") or measure.counting_rule,
            evidence_expected=more.pop("evidence_expected", "") or measure.evidence_expected,
            cohort=more.pop("cohort", None) or measure.cohort,
            **more,
        )
        _save(terms, measure, monthly)
        changed(kpi_set, by)
        record(
            action="proposals.add_kpi",
            subject=kpi_set,
            by=by,
            contract_number=kpi_set.contract_id,
            summary=f"Added “{terms.title}” to KPI set {kpi_set.number}",
            after={
                "Measure": measure.code,
                "Target": amount_in_words(measure, terms.target),
                "Last month": formats.month(terms.ends_month),
                **({"£ value": _value(proxy)} if proxy else {}),
            },
            note=terms.why,
        )
    return terms


def _value(proxy):
    """Return a KPI's £ value as history tells it."""
    return f"{proxy.name}: {words.per_unit(proxy)}" if proxy else "No £ value"


def hold_measures(keys):
    """Return the measures, locked in one order, so that two sets taking the same ones wait for each other."""
    found = Measure.objects.select_for_update(of=("self",)).select_related("unit", "framework", "cohort")
    return list(found.filter(pk__in=keys).order_by("pk"))


def _only_known(fields):
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"A KPI has no {', '.join(sorted(unknown))}.")


def _identity(contract, measure):
    """Return the KPI that continues across sets; a new one replaces that of another unit or kind."""
    replaced = contract.kpis.filter(measure=measure).order_by("-pk").first()
    kpi, _ = KPI.objects.get_or_create(
        contract=contract,
        measure=measure,
        unit=measure.unit,
        direction=measure.direction,
        kind=measure.kind,
        defaults={"replaces": replaced},
    )
    return kpi


def _target(measure, target):
    """Return the target to store: yes is 1; what has no amount stores 0."""
    if measure.kind == Kind.YES_NO:
        return 1
    return target if targets.has_amount(measure) else 0


def _save(terms, measure, monthly):
    """Check the terms with their whole profile, then save both."""
    whole = profile.whole(terms, measure, monthly)
    errors = check_terms(terms, measure, whole)
    if errors:
        raise Invalid(errors)
    terms.save()
    profile.write(terms, whole)


def change_kpi(terms, *, by, version=None, monthly=None, **fields):
    """Return the changed KPI; months before the set takes effect keep the targets in force then.

    A flat profile is spread anew when target or months change. Raises Invalid.
    """
    _only_known(fields)
    with transaction.atomic():
        kpi_set = open_set(terms.kpi_set, by, version)
        terms = _of_set(kpi_set, terms)
        measure = terms.kpi.measure
        if "target" in fields:
            fields["target"] = _target(measure, fields["target"])
        proxy_was = terms.proxy
        if "proxy" in fields and fields["proxy"] != proxy_was:
            priced.check_choice(kpi_set, measure, fields["proxy"])
        was, now = changes(terms, fields, fields)
        if "Proxy" in now:
            del was["Proxy"], now["Proxy"]
            was["£ value"], now["£ value"] = _value(proxy_was), _value(fields["proxy"])
        for name, label in (("starts_month", "First month"), ("ends_month", "Last month")):
            if label in now:
                was[label], now[label] = formats.month(getattr(terms, name)), formats.month(fields[name])
        profile_was = profile.stored(terms)
        for name, value in fields.items():
            setattr(terms, name, value)
        _save(terms, measure, monthly)
        if profile.stored(terms) != profile_was and terms.profile == KPITerms.Profile.BY_HAND:
            was["Monthly targets"], now["Monthly targets"] = "as before", "changed month by month"
        if was or now:
            changed(kpi_set, by)
            record(
                action="proposals.change_kpi",
                subject=kpi_set,
                by=by,
                contract_number=kpi_set.contract_id,
                summary=f"Changed “{terms.title}” in KPI set {kpi_set.number}",
                before=was,
                after=now,
                note=terms.why,
            )
    return terms


def take_usual_value(terms, *, by, version=None):
    """Return the KPI with its measure's usual £ value of today; Stale where it has that already, or none is.

    Nothing else changes: every other KPI keeps the value it was approved with.
    """
    usual = priced.usual_proxy(terms.kpi.measure)
    if usual is None or usual.pk == terms.proxy_id:
        raise Stale("There is no newer £ value for this KPI. Somebody may have been there before you.")
    return change_kpi(terms, by=by, version=version, proxy=usual)


def _of_set(kpi_set, terms):
    found = kpi_set.terms.select_related("kpi__measure__unit", "proxy").filter(pk=terms.pk).first()
    if found is None:
        raise Stale("Somebody removed this KPI from the set while you had it open.")
    found.kpi_set = kpi_set
    return found


def remove_kpi(terms, *, by, version=None):
    """Take the KPI out of the set; what was approved and reported before stays. Returns the set."""
    with transaction.atomic():
        kpi_set = open_set(terms.kpi_set, by, version)
        terms = _of_set(kpi_set, terms)
        title, measure, target = terms.title, terms.kpi.measure, terms.target
        terms.delete()
        for position, other in enumerate(kpi_set.terms.all(), start=1):
            if other.position != position:
                KPITerms.objects.filter(pk=other.pk).update(position=position)
        changed(kpi_set, by)
        record(
            action="proposals.remove_kpi",
            subject=kpi_set,
            by=by,
            contract_number=kpi_set.contract_id,
            summary=f"Removed “{title}” from KPI set {kpi_set.number}",
            before={"Measure": measure.code, "Target": amount_in_words(measure, target)},
        )
    return kpi_set
