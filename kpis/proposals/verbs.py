"""Preparing a KPI set: start, add, change and remove KPIs, describe, send, take back, withdraw."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.history import changes, record
from accounts.verbs.recipe import Invalid, Stale, check_version, lock, require
from contracts.models import Contract, ProportionateRule
from contracts.rules.finding import rule_for
from govuk import formats
from kpis.library.models import Kind, Measure
from kpis.proposals import letters, permissions, profile, targets
from kpis.proposals.checks import amount_in_words, check_terms, problems
from kpis.proposals.content import content_of, hash_of
from kpis.proposals.models import KPI, KPISet, KPITerms, MonthlyTarget, SetSubmission
from kpis.proposals.months import first_free_month, latest_approved, usual_effective_month, usual_last_month
from kpis.proposals.moves import MOVES

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
    "why",
)


def start_set(contract, *, by):
    """Return the contract's new draft set, a copy of the latest approved one where there is any.

    Raises Stale, naming it, where another set is still being prepared or waits for a decision.
    """
    require(permissions.may_propose(by, contract))
    try:
        with transaction.atomic():
            contract = lock(Contract, contract.pk)
            _refuse_a_second(contract)
            last = contract.kpi_sets.order_by("-number").first()
            before = latest_approved(contract)
            kpi_set = KPISet.objects.create(
                contract=contract,
                number=last.number + 1 if last else 1,
                effective_month=usual_effective_month(contract),
                returns_every=_usual_rhythm(contract, before),
                started_by=by,
            )
            if before:
                _copy_terms(before, kpi_set)
            record(
                action="proposals.start_set",
                subject=kpi_set,
                by=by,
                contract_number=contract.pk,
                summary=f"Started KPI set {kpi_set.number}"
                + (f" as a copy of KPI set {before.number}" if before else ""),
            )
    except IntegrityError:
        _refuse_a_second(contract)
        raise Stale(
            "Somebody else started a KPI set for this contract. Open the contract to see it."
        ) from None
    return kpi_set


def _usual_rhythm(contract, before):
    """Return how often figures are returned, in months, as the council's rule has it for the contract.

    Where the rule asks for no lighter rhythm than each month, what was approved before stays.
    """
    rule = rule_for(contract)
    if rule is not None and rule.returns_every != ProportionateRule.Often.MONTHLY:
        return rule.returns_every
    return before.returns_every if before else ProportionateRule.Often.MONTHLY


def _refuse_a_second(contract):
    other = contract.kpi_sets.open_or_waiting().first()
    if other:
        raise Stale(
            f"KPI set {other.number} of this contract is already “{other.get_status_display().lower()}”. "
            "A contract has one such set at a time: carry on with it, or withdraw it first."
        )


def _copy_terms(before, kpi_set):
    for terms in before.terms.prefetch_related("monthly_targets"):
        monthly = list(terms.monthly_targets.all())
        terms.pk, terms._state.adding, terms._prefetched_objects_cache = None, True, {}
        terms.kpi_set = kpi_set
        terms.why = ""
        terms.save()
        MonthlyTarget.objects.bulk_create(
            [MonthlyTarget(terms=terms, month=row.month, amount=row.amount) for row in monthly]
        )


def _open(kpi_set, by, version):
    """Return the set, locked, for a change of its content."""
    kpi_set = lock(KPISet, kpi_set.pk)
    require(permissions.may_propose(by, kpi_set.contract))
    check_version(kpi_set, version, "this KPI set")
    if not kpi_set.is_open:
        raise Stale(
            f"This KPI set is now “{kpi_set.get_status_display().lower()}”, so it can't be changed. "
            "Somebody may have been there before you."
        )
    return kpi_set


def _changed(kpi_set, by):
    kpi_set.version += 1
    kpi_set.save()
    kpi_set.editors.add(by)


def add_kpi(kpi_set, *, by, measure, target=None, ends_month=None, version=None, monthly=None, **more):
    """Return the new KPI of the set. `target` is whole-life for measures that add up, else the level to hold.

    It starts in the set's effective month and ends with the contract, in the measure's words, unless said
    otherwise in `more` (title, starts_month, baseline, profile, cohort, counting_rule, evidence_expected,
    green_from, amber_from, why). `monthly` maps months to amounts for a profile by hand. Raises Invalid.
    """
    _only_known(more)
    with transaction.atomic():
        kpi_set = _open(kpi_set, by, version)
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
        kpi = _identity(kpi_set.contract, measure)
        if kpi_set.terms.filter(kpi__measure=measure).exists():
            raise Invalid([("measure", f"“{measure.title}” is already in this set. Change that KPI instead")])
        starts = more.pop("starts_month", None) or kpi_set.effective_month
        last = kpi_set.terms.order_by("-position").first()
        terms = KPITerms(
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
        _changed(kpi_set, by)
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
            },
            note=terms.why,
        )
    return terms


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
        kpi_set = _open(terms.kpi_set, by, version)
        terms = _of_set(kpi_set, terms)
        measure = terms.kpi.measure
        if "target" in fields:
            fields["target"] = _target(measure, fields["target"])
        was, now = changes(terms, fields, fields)
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
            _changed(kpi_set, by)
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


def _of_set(kpi_set, terms):
    found = kpi_set.terms.select_related("kpi__measure__unit").filter(pk=terms.pk).first()
    if found is None:
        raise Stale("Somebody removed this KPI from the set while you had it open.")
    found.kpi_set = kpi_set
    return found


def remove_kpi(terms, *, by, version=None):
    """Take the KPI out of the set; what was approved and reported before stays. Returns the set."""
    with transaction.atomic():
        kpi_set = _open(terms.kpi_set, by, version)
        terms = _of_set(kpi_set, terms)
        title, measure, target = terms.title, terms.kpi.measure, terms.target
        terms.delete()
        for position, other in enumerate(kpi_set.terms.all(), start=1):
            if other.position != position:
                KPITerms.objects.filter(pk=other.pk).update(position=position)
        _changed(kpi_set, by)
        record(
            action="proposals.remove_kpi",
            subject=kpi_set,
            by=by,
            contract_number=kpi_set.contract_id,
            summary=f"Removed “{title}” from KPI set {kpi_set.number}",
            before={"Measure": measure.code, "Target": amount_in_words(measure, target)},
        )
    return kpi_set


def describe(
    kpi_set, *, by, effective_month=None, returns_every=None, why=None, supplier_agreed=None, version=None
):
    """Return the set with its month of effect, how often figures are returned (every 1, 3 or 6 months),
    reasons and the supplier's agreement; None leaves as it is.

    KPIs new in this set move their first month with the month of effect. Raises Invalid.
    """
    if returns_every is not None and returns_every not in ProportionateRule.Often.values:
        raise Invalid([("returns_every", "Select how often figures are returned")])
    given = {
        "effective_month": effective_month,
        "returns_every": returns_every,
        "why": why,
        "supplier_agreed": supplier_agreed,
    }
    fields = {name: value for name, value in given.items() if value is not None}
    with transaction.atomic():
        kpi_set = _open(kpi_set, by, version)
        if effective_month:
            _check_month(kpi_set, effective_month)
        month_was = kpi_set.effective_month
        was, now = changes(kpi_set, fields, fields)
        for name, value in fields.items():
            setattr(kpi_set, name, value)
        if was or now:
            _changed(kpi_set, by)
            if kpi_set.effective_month != month_was:
                was["Effective month"] = formats.month(month_was)
                now["Effective month"] = formats.month(kpi_set.effective_month)
            if kpi_set.effective_month != month_was:
                profile.move_start(kpi_set, month_was)
            record(
                action="proposals.describe",
                subject=kpi_set,
                by=by,
                contract_number=kpi_set.contract_id,
                summary=f"Described KPI set {kpi_set.number}",
                before=was,
                after=now,
            )
    return kpi_set


def _check_month(kpi_set, month):
    field, name = "effective_month", "The month from which the KPIs take effect"
    if month.day != 1:
        raise Invalid([(field, f"{name} must be a month and a year")])
    free = first_free_month(kpi_set.contract)
    if free and month < free:
        raise Invalid(
            [
                (
                    field,
                    f"{name} must be {formats.month(free)} or later: the months before have "
                    "submitted returns",
                )
            ]
        )
    last = kpi_set.contract.last_day
    if last and month > last:
        raise Invalid([(field, f"{name} must be before the contract ends on {formats.day(last)}")])


def submit(kpi_set, *, by, note="", version=None):
    """Return the set, waiting for a decision on exactly this content; the deciders have a letter.

    Raises Invalid with everything that is missing, all at once.
    """
    with transaction.atomic():
        kpi_set = lock(KPISet, kpi_set.pk)
        require(permissions.may_propose(by, kpi_set.contract))
        check_version(kpi_set, version, "this KPI set")
        MOVES.check(kpi_set, "submit")
        found = problems(kpi_set)
        if found:
            raise Invalid([(field, sentence) for _, field, sentence in found])
        content = content_of(kpi_set)
        kpi_set.content_hash = hash_of(content)
        MOVES.apply(kpi_set, "submit")
        kpi_set.submitted_by, kpi_set.submitted_at = by, timezone.now()
        _changed(kpi_set, by)
        SetSubmission.objects.create(
            kpi_set=kpi_set,
            ordinal=kpi_set.submissions.count() + 1,
            content=content,
            content_hash=kpi_set.content_hash,
            submitted_by=by,
            submitted_at=kpi_set.submitted_at,
        )
        record(
            action="proposals.submit",
            subject=kpi_set,
            by=by,
            contract_number=kpi_set.contract_id,
            note=note,
            summary=f"Sent KPI set {kpi_set.number} for approval",
            after={
                "KPIs": len(content["kpis"]),
                "Takes effect": formats.month(kpi_set.effective_month),
                "Content hash": kpi_set.content_hash,
            },
        )
        letters.set_waiting(kpi_set, note)
    return kpi_set


def take_back(kpi_set, *, by, note=""):
    """Return the set as a draft again, so that it can be changed before anybody decides it."""
    return _recall(kpi_set, "take_back", "Took back", by, note)


def withdraw(kpi_set, *, by, note=""):
    """Return the set, withdrawn for good; it is kept, and the contract may start another."""
    return _recall(kpi_set, "withdraw", "Withdrew", by, note)


def _recall(kpi_set, verb, did, by, note):
    with transaction.atomic():
        kpi_set = lock(KPISet, kpi_set.pk)
        require(permissions.may_propose(by, kpi_set.contract))
        was_waiting = kpi_set.status == KPISet.Status.SUBMITTED
        MOVES.apply(kpi_set, verb)
        kpi_set.version += 1
        kpi_set.save()
        record(
            action=f"proposals.{verb}",
            subject=kpi_set,
            by=by,
            contract_number=kpi_set.contract_id,
            note=note,
            summary=f"{did} KPI set {kpi_set.number}",
        )
        if was_waiting:
            letters.set_taken_back(kpi_set, by, note)
    return kpi_set
