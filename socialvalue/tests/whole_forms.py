"""A whole and valid form for each act of the register's life, for hand-made requests."""

import datetime as dt

from accounts.calendar import today
from contracts.models import Contract

SOON = today() + dt.timedelta(days=400)


def day(name, value):
    """Return the three boxes of a date."""
    return {f"{name}_0": value.day, f"{name}_1": value.month, f"{name}_2": value.year}


def month(name, value):
    """Return the two boxes of a month."""
    return {f"{name}_0": value.month, f"{name}_1": value.year}


def whole_forms(w):
    """Return a whole and valid form for each act of the register's life."""
    version = Contract.objects.get(pk=w.highways.pk).version
    reason = {"reason": "x", "note": "x"}
    kept = w.merge.kept
    kept.refresh_from_db()
    seen = {"version": version}
    quoted = {"content_hash": w.adoption_part.content_hash}
    measure = w.template.items.first().measure_id
    rows = {"items-TOTAL_FORMS": 1, "items-INITIAL_FORMS": 0, "items-0-measure": measure}
    question = {"text": "x?", "kind": "text", "stage": "live", "position": 5}
    return {
        "contracts:break-point-add": {"kind": "break", **day("on", SOON)},
        "contracts:break-point-edit": {"kind": "review", **day("on", SOON), "version": w.break_point.version},
        "contracts:break-point-outcome": {
            "outcome": "left", "words": "x", "version": w.break_point.version,
        },
        "contracts:break-point-withdraw": {**reason, "version": w.break_point.version},
        "contracts:rule-add": {"kpis_at_least": 1, "returns_every": 1, "tier": w.tier.pk},
        "contracts:rule-edit": {"kpis_at_least": 3, "returns_every": 1},
        "contracts:rule-remove": reason,
        "contracts:band-add": {"name": "x", "at_least": 7},
        "contracts:band-edit": {"name": "x", "at_least": 0},
        "contracts:band-remove": reason,
        "contracts:tier-add": {"name": "x", "position": 1},
        "contracts:tier-edit": {"name": "x", "position": 1},
        "contracts:tier-remove": reason,
        "contracts:offer-add": {"kind": "in_kind", "description": "x"},
        "contracts:offer-edit": {"kind": "in_kind", "description": "x", "version": w.offer.version},
        "contracts:offer-receive": {
            "amount_received": 5, "received_words": "x", **day("received_on", today()),
            "version": w.offer.version,
        },
        "contracts:offer-withdraw": {**reason, "version": w.offer.version},
        "contracts:fund-add": {"name": "Mine"},
        "contracts:fund-edit": {"name": "Mine"},
        "contracts:import-abandon": reason,
        "contracts:import-check": {},
        "contracts:import-apply": {},
        "contracts:import-carry-on": {},
        "contracts:import-stop": {},
        "contracts:notice-import-abandon": reason,
        "contracts:notice-import-check": {},
        "contracts:notice-import-apply": {},
        "contracts:notice-import-carry-on": {},
        "contracts:notice-import-stop": {},
        "kpis:measure-import-abandon": reason,
        "kpis:measure-import-check": {},
        "kpis:measure-import-apply": {},
        "kpis:measure-import-carry-on": {},
        "kpis:measure-import-stop": {},
        "kpis:adoption-abandon": reason,
        "kpis:adoption-check": {},
        "kpis:adoption-apply": {},
        "kpis:adoption-carry-on": {},
        "kpis:adoption-stop": {},
        "kpis:adoption-month": month("month", today()),
        "kpis:adoption-part-confirm": {**quoted, "left_out": 0},
        "kpis:adoption-part-return": {**quoted, **reason},
        "kpis:adoption-part-stop": {},
        "kpis:adoption-part-carry-on": {},
        "kpis:adoption-line-page": reason,
        "kpis:adoption-line-take-in": {},
        "contracts:stage-move": {**seen, "to": "ended", "note": "x", **day("ends_on", today())},
        "contracts:checklist": {f"q{w.question.pk}-seen": "", f"q{w.question.pk}-words": "x"},
        "contracts:checklist-question-add": question,
        "contracts:checklist-question-edit": {**question, "version": w.question.version},
        "contracts:checklist-question-retire": {"version": w.question.version},
        "contracts:statement-keep": {"introduction": "x"},
        "contracts:supplier-edit": {"name": "Mine", "version": kept.version},
        "contracts:supplier-status": {
            "kind": "sme", "answer": "yes", "source": "x", **day("as_at", today()),
        },
        "contracts:supplier-merge-undo": {},
        "contracts:suppliers-distinct": {"first": w.merge.kept_id, "second": w.merge.merged_id},
        "kpis:gap-say": {"reason": "not_asked", "next_step": "nothing", "words": "x", "seen": 0},
        "kpis:stock-take-start": {"directorate": w.directorate.pk, "which": "all"},
        "kpis:stock-take-contract": {"reason": "not_asked", "next_step": "nothing", "words": "x", "seen": 0},
        "kpis:stock-take-close": {"version": w.stock_take.version},
        "kpis:template-add": {"name": "Mine", "is_active": "on", **rows},
        "kpis:template-edit": {"name": "Mine", "is_active": "on", **rows},
        "kpis:contract-extend": {**seen, "note": "x", **day("to", dt.date(2030, 3, 31))},
        "kpis:contract-suspend": {**seen, "reason": "x", **month("from_month", dt.date(2028, 1, 1)),
                                  **month("to_month", dt.date(2028, 2, 1))},
        "kpis:contract-resume": {**seen, **month("last_month", dt.date(2029, 2, 1))},
        "kpis:contract-novate": {**seen, "suppliers": "Mine Ltd", **day("on", today())},
        "kpis:contract-terminate": {**seen, "reason": "x", **day("on", today())},
        "kpis:contract-split": {**seen, **day("on", today()), "title_1": "A", "title_2": "B"},
        "kpis:contract-move": {
            **seen, "directorate": w.home_care.directorate_id, **month("from_month", today()),
        },
        "kpis:contract-termination-undo": seen,
        "kpis:suspension-withdraw": seen,
        "kpis:section-52": {**seen, "kpis_elsewhere": 3},
        "kpis:notice-add": {"kind": "UK7", "why_none": "x"},
        "kpis:notice-edit": {"kind": "UK9", "why_none": "x", "version": w.notice.version},
        "kpis:notice-withdraw": {"reason": "x", "version": w.notice.version},
    }  # fmt: skip


def forms_of_approvals(w):
    """Return a whole and valid form for each act of proposing, deciding, delegating and posts."""
    holder = {"holder": "person", "given_to": w.who.nadia.pk, "scheme_reference": "x", "value_limit": 100}
    exception = {
        "reason": "small",
        "why": "Two visits a year.",
        **month("effective_month", today()),
        **day("review_on", today() + dt.timedelta(days=200)),
    }
    own = {
        "title": "Benches mended",
        "kind": "count",
        "direction": "higher",
        "over_time": "adds",
        "seen": "1",
        "unit": w.pending.terms.get().kpi.unit_id,
        "counting_rule": "Each once.",
        "evidence_expected": "Photos",
    }
    holding = w.holding
    return {
        "accounts:delegation-give": {**holder, "directorate": w.directorate.pk, **day("starts_on", today())},
        "accounts:delegation-hand-on": {**holder, **day("starts_on", today())},
        "accounts:delegation-revoke": {"note": "x"},
        "accounts:post-add": {"title": "Mine", "directorate": w.directorate.pk},
        "accounts:post-rename": {"title": "Mine"},
        "accounts:post-place": {"person": w.who.nadia.pk, **day("starts_on", today())},
        "accounts:post-close": {},
        "accounts:post-reopen": {},
        "accounts:post-holding-end": {**day("ends_on", holding.starts_on), "note": "x"},
        "accounts:post-holding-take-back": {},
        "kpis:kpi-set-start": {"start": ""},
        "kpis:kpi-set-copy-from": {},
        "kpis:kpi-add-own": own,
        "kpis:kpi-set-submit": {"version": w.draft.version},
        "kpis:exception-start": exception,
        "kpis:exception-edit": {**exception, "version": w.exception.version},
        "kpis:challenge-ask": {
            "about": "set", "comment": "Why?", "content_hash": w.pending.content_hash,
        },
        "kpis:challenge-answer": {"answer": "x"},
        "kpis:challenge-withdraw": {"note": "x"},
        "kpis:approval-ask-again": {},
        "kpis:kpi-set-decide": {"decision": "approve", "approve-content_hash": w.pending.content_hash},
    }  # fmt: skip
