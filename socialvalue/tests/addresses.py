"""Every address of the URL conf, and what to put into it."""

from django.urls import URLPattern, get_resolver, reverse

from kpis.models import DeflatorSeries, Measure, Proxy


def _walk(patterns, namespace=""):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _walk(pattern.url_patterns, namespace + inner)


# Addresses of the sign-in library are in ALLAUTH; every other name of the URL conf is one of ours.
def all_names():
    """Return every URL name of the service, each once."""
    return list(dict.fromkeys(_walk(get_resolver().url_patterns)))


def _set_of(contract, kpi_set):
    return lambda w: {"contract_number": getattr(w, contract).pk, "number": getattr(w, kpi_set).number}


def _return(name, **more):
    def arguments(w):
        row = getattr(w, name)
        return {"number": row.contract_id, "month": row.month, **{k: v(w) for k, v in more.items()}}

    return arguments


def _terms(w):
    return {"contract_number": w.waste.pk, "number": w.draft.number, "terms_id": w.draft.terms.first().pk}


def _measure(code):
    return Measure.objects.get(code=code, framework__key="starter-measures").pk


def _proxy(w):
    proxy = Proxy.objects.get(measure__code="SV-32")
    return {"measure_pk": proxy.measure_id, "pk": proxy.pk}


def _break_point(w):
    return {"number": w.highways.pk, "pk": w.break_point.pk}


def _notice(w):
    return {"contract_number": w.highways.pk, "number": w.notice.number}


def _challenge(w):
    kpi_set = w.question_asked.kpi_set
    return {
        "contract_number": kpi_set.contract_id,
        "number": kpi_set.number,
        "challenge": w.question_asked.pk,
    }


ARGUMENTS = {
    "accounts:letter-page": lambda w: {"pk": w.letter.pk},
    "accounts:letter-send-again": lambda w: {"pk": w.letter.pk},
    "accounts:invitation-accept": lambda w: {"token": "no-such-token"},
    "accounts:appointment-end": lambda w: {"pk": w.appointment.pk},
    "accounts:appointment-cancel": lambda w: {"pk": w.appointment.pk},
    "accounts:delegation-page": lambda w: {"pk": w.delegation.pk},
    "accounts:delegation-revoke": lambda w: {"pk": w.delegation.pk},
    "accounts:delegation-hand-on": lambda w: {"pk": w.delegation.pk},
    **{
        f"accounts:post-{act}": lambda w: {"pk": w.holding.post_id}
        for act in ("page", "rename", "close", "reopen", "place")
    },
    **{f"accounts:post-holding-{act}": lambda w: {"pk": w.holding.pk} for act in ("end", "take-back")},
    "accounts:letter-text-edit": lambda w: {"kind": w.letter.kind},
    "accounts:letter-text-restore": lambda w: {"kind": w.letter.kind},
    "accounts:person-invite-again": lambda w: {"pk": w.invited.pk},
    "accounts:department-rename": lambda w: {"pk": w.department.pk},
    "accounts:department-close": lambda w: {"pk": w.department.pk},
    "contracts:contract-edit": lambda w: {"number": w.highways.pk},
    **{
        f"contracts:notice-import-{act}": lambda w: {"import_id": w.notice_import.pk}
        for act in (
            *("page", "buyers", "mapping", "questions", "problems", "abandon"),
            *("check", "apply", "carry-on", "stop"),
        )
    },
    **{
        f"kpis:measure-import-{act}": lambda w: {"import_id": w.measure_import.pk}
        for act in (
            *("page", "reading", "columns", "units", "edition", "problems", "abandon"),
            *("check", "apply", "carry-on", "stop"),
        )
    },
    **{
        f"kpis:adoption-{act}": lambda w: {"import_id": w.adoption_import.pk}
        for act in (
            *("page", "reading", "columns", "month", "questions", "problems", "abandon"),
            *("check", "apply", "carry-on", "stop"),
        )
    },
    **{
        f"kpis:adoption-part-{act}": lambda w: {"part_id": w.adoption_part.pk}
        for act in ("page", "confirm", "return", "stop", "carry-on")
    },
    **{
        f"kpis:adoption-line-{act}": lambda w: {"part_id": w.adoption_part.pk, "line_id": w.adoption_line.pk}
        for act in ("page", "take-in")
    },
    "contracts:rule-edit": lambda w: {"pk": w.rule.pk},
    "contracts:rule-remove": lambda w: {"pk": w.rule.pk},
    "contracts:band-edit": lambda w: {"pk": w.band.pk},
    "contracts:band-remove": lambda w: {"pk": w.band.pk},
    "contracts:tier-edit": lambda w: {"pk": w.tier.pk},
    "contracts:tier-remove": lambda w: {"pk": w.tier.pk},
    "contracts:fund-edit": lambda w: {"pk": w.fund.pk},
    "contracts:offer-edit": lambda w: {"number": w.highways.pk, "pk": w.offer.pk},
    "contracts:offer-receive": lambda w: {"number": w.highways.pk, "pk": w.offer.pk},
    "contracts:offer-withdraw": lambda w: {"number": w.highways.pk, "pk": w.offer.pk},
    **{
        name: lambda w: {"pk": _measure("SV-09")}
        for name in (
            *(f"kpis:measure-{act}" for act in ("page", "edit", "retire", "live")),
            "reporting:measure-report-latest",
        )
    },
    "reporting:measure-report": lambda w: {"pk": _measure("SV-09"), "month": w.month},
    "reporting:directorate-measure-report": lambda w: {
        "slug": w.directorate.slug,
        "month": w.month,
        "pk": _measure("SV-09"),
    },
    **{
        f"kpis:framework-{act}": lambda w: {"pk": w.theme.framework_id}
        for act in (
            *("page", "edit", "status", "licence", "licence-withdraw", "copy", "remove"),
            *("differences", "differences-download"),
        )
    },
    "kpis:theme-add": lambda w: {"pk": w.theme.framework_id},
    "kpis:theme-edit": lambda w: {"pk": w.theme.pk},
    "kpis:theme-remove": lambda w: {"pk": w.theme.pk},
    "kpis:outcome-add": lambda w: {"pk": w.theme.pk},
    "kpis:outcome-edit": lambda w: {"pk": w.theme.outcomes.first().pk},
    "kpis:outcome-remove": lambda w: {"pk": w.theme.outcomes.first().pk},
    "kpis:priority-page": lambda w: {"pk": w.priority.pk},
    "kpis:priority-edit": lambda w: {"pk": w.priority.pk},
    "kpis:priority-status": lambda w: {"pk": w.priority.pk},
    "kpis:template-page": lambda w: {"pk": w.template.pk},
    "kpis:template-edit": lambda w: {"pk": w.template.pk},
    "kpis:template-copy": lambda w: {"pk": w.template.pk},
    "kpis:template-replace": lambda w: {"pk": w.template.pk, "measure": w.practice_note.measure_id},
    **{
        f"kpis:practice-note-{act}": lambda w: {"pk": w.practice_note.pk}
        for act in ("page", "edit", "withdraw")
    },
    **{
        f"kpis:guidance-{act}": lambda w: {"slug": w.guidance.slug}
        for act in ("page", "edit", "publish", "move")
    },
    "contracts:statement-page": lambda w: {"number": w.highways.pk, "statement": 1},
    "contracts:statement-download": lambda w: {"number": w.highways.pk, "statement": 1},
    "contracts:checklist-question-edit": lambda w: {"pk": w.question.pk},
    "contracts:checklist-question-retire": lambda w: {"pk": w.question.pk},
    **{
        name: lambda w: {"pk": w.merge.kept_id}
        for name in (
            "contracts:supplier-edit",
            "contracts:supplier-status",
            "contracts:supplier-merge",
            "reporting:supplier-page",
            "reporting:supplier-worth",
        )
    },
    "contracts:supplier-merge-undo": lambda w: {"pk": w.merge.pk},
    "reporting:contract-page": lambda w: {"number": w.highways.pk},
    "reporting:contract-history": lambda w: {"number": w.highways.pk},
    "reporting:contract-worth": lambda w: {"number": w.highways.pk},
    "reporting:theme-report-latest": lambda w: {"pk": w.theme.pk},
    **{
        f"reporting:theme-{page}": lambda w: {"pk": w.theme.pk, "month": w.month}
        for page in ("report", "worth")
    },
    "kpis:stock-take-contract": lambda w: {"stock_take": w.stock_take.pk, "number": w.bare.pk},
    "contracts:break-point-edit": _break_point,
    "contracts:break-point-outcome": _break_point,
    "contracts:break-point-withdraw": _break_point,
    "kpis:notice-page": _notice,
    "kpis:notice-edit": _notice,
    "kpis:notice-withdraw": _notice,
    "kpis:kpi-set-start": lambda w: {"contract_number": w.bare.pk},
    "kpis:kpi-set-copy": lambda w: {"contract_number": w.bare.pk},
    "kpis:kpi-set-copy-from": lambda w: {"contract_number": w.bare.pk, "source": w.highways.pk},
    "kpis:kpi-add-own": _set_of("waste", "draft"),
    "kpis:kpi-set-page": _set_of("highways", "in_force"),
    "kpis:kpi-set-record": _set_of("highways", "in_force"),
    "kpis:exception-start": lambda w: {"contract_number": w.bare.pk},
    "kpis:exception-edit": _set_of("excepted", "exception"),
    "kpis:kpi-set-describe": _set_of("waste", "draft"),
    "kpis:kpi-add": _set_of("waste", "draft"),
    "kpis:kpi-add-measure": lambda w: {**_set_of("waste", "draft")(w), "pk": _measure("SV-10")},
    "kpis:kpi-edit": _terms,
    "kpis:kpi-remove": _terms,
    "kpis:kpi-take-value": _terms,
    "kpis:proxy-add": lambda w: {"measure_pk": _measure("SV-32")},
    **{f"kpis:proxy-{act}": _proxy for act in ("page", "replace", "withdraw", "make-usual", "uplift")},
    "kpis:deflator-page": lambda w: {"pk": DeflatorSeries.objects.get().pk},
    "kpis:deflator-current": lambda w: {"pk": DeflatorSeries.objects.get().pk},
    "kpis:kpi-set-check": _set_of("waste", "draft"),
    "kpis:kpi-set-submit": _set_of("waste", "draft"),
    "kpis:kpi-set-withdraw": _set_of("waste", "draft"),
    "kpis:kpi-set-take-back": _set_of("parks", "pending"),
    "kpis:challenge-ask": _set_of("parks", "pending"),
    "kpis:challenge-answer": _challenge,
    "kpis:challenge-withdraw": _challenge,
    "kpis:submission-record": lambda w: {**_set_of("highways", "in_force")(w), "ordinal": 1},
    "kpis:kpi-set-decide": _set_of("parks", "pending"),
    "kpis:approval-ask-again": _set_of("parks", "pending"),
    "kpis:kpi-set-approve": _set_of("parks", "pending"),
    "kpis:kpi-set-send-back": _set_of("parks", "pending"),
    "kpis:return-page": _return("submitted"),
    "kpis:return-submitted": _return("submitted"),
    "kpis:reading-edit": _return("open", kpi=lambda w: w.kpi.pk),
    "kpis:return-grid": _return("open"),
    "kpis:return-benefits": _return("open"),
    "kpis:return-await-supplier": _return("open"),
    "kpis:return-supplier-answered": _return("open"),
    "kpis:evidence-add": _return("open"),
    "kpis:return-check": _return("open"),
    "kpis:return-verify": _return("submitted"),
    "kpis:return-send-back": _return("submitted"),
    "kpis:return-mark": _return("submitted"),
    "kpis:return-mark-for-checking": _return("submitted"),
    "kpis:return-reopen": _return("verified"),
    "kpis:evidence-open": lambda w: {"evidence": w.evidence.pk},
    "kpis:evidence-withdraw": lambda w: {"evidence": w.evidence.pk},
    "kpis:suspension-withdraw": lambda w: {
        "contract_number": w.highways.pk,
        "suspension": w.suspension.pk,
    },
    "kpis:reminder-snooze": lambda w: {"contract_number": w.highways.pk, "month": w.month},
    "kpis:reminder-snooze-end": lambda w: {"contract_number": w.highways.pk, "month": w.month},
    "kpis:reminder-step-edit": lambda w: {"key": "return-opens"},
    "kpis:verification-mark": _return("submitted"),
}
# What stands for a parameter where the name above says nothing.
USUAL = {
    "pk": lambda w: w.person.pk,
    "slug": lambda w: w.directorate.slug,
    "month": lambda w: w.month,
    "number": lambda w: w.highways.pk,
    "contract_number": lambda w: w.highways.pk,
    "stock_take": lambda w: w.stock_take.pk,
    "import_id": lambda w: w.imported.pk,
    "kind": lambda w: w.letter.kind,
}


def parameters_of(name):
    """Return the names of an address's parameters."""
    resolver = get_resolver()
    for part in name.split(":")[:-1]:
        resolver = resolver.namespace_dict[part][1]
    possibilities = resolver.reverse_dict.getlist(name.split(":")[-1])
    return possibilities[0][0][0][1]


# What an address needs behind its question mark to be a page at all.
QUERIES = {"contracts:unmapped-map": "?text=COMMUNITY%20SERVICES"}


def address(name, world):
    """Return the full path of an address in the world."""
    return path_of(name, world) + QUERIES.get(name, "")


def path_of(name, world):
    """Return the path of an address, its parameters filled in from the world."""
    if name in ARGUMENTS:
        return reverse(name, kwargs=ARGUMENTS[name](world))
    return reverse(name, kwargs={param: USUAL[param](world) for param in parameters_of(name)})
