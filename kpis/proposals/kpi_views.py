"""Pages on which KPIs are put into a set, changed and taken out."""

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.calendar import today
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, require
from contracts.permissions import may_edit
from kpis.library.choosing import offer_for, why
from kpis.library.models import Measure, Theme
from kpis.proposals import permissions, profile, targets, verbs
from kpis.proposals.checks import amount_in_words
from kpis.proposals.forms import KPIForm, keep_what_was_typed, put_on
from kpis.proposals.models import KPISet, KPITerms
from kpis.proposals.months import set_before, usual_last_month
from kpis.proposals.priced import usual_proxy
from kpis.proposals.takeable import measures_to_take
from kpis.proposals.trails import set_trail, stale_leads_to_the_set
from kpis.proposals.verbs.changing import refuse_another_kind
from kpis.proxies.models import Proxy


def _is_number(text: str) -> bool:
    """Return whether what stands in an address or a form is a number the database can hold."""
    return text.isascii() and text.isdigit() and len(text) < 10


def open_set_of(request: SignedInRequest, contract_number, number):
    """Return the set for somebody who may change it now."""
    kpi_set = get_object_or_404(
        KPISet.objects.visible_to(request.user).with_contract(), contract=contract_number, number=number
    )
    require(permissions.may_propose(request.user, kpi_set.contract))
    refuse_another_kind(kpi_set, KPISet.Kind.KPIS)
    if not kpi_set.is_open and request.method in {"GET", "HEAD"}:
        raise Stale(
            f"This KPI set is now “{kpi_set.get_status_display().lower()}”, so it can't be changed. "
            "Somebody may have been there before you."
        )
    return kpi_set


@require_safe
@stale_leads_to_the_set
def kpi_add(request: SignedInRequest, contract_number: int, number: int) -> HttpResponse:
    """List the measures that may be proposed, by theme, to choose one."""
    kpi_set = open_set_of(request, contract_number, number)
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    theme = request.GET.get("theme", "")
    offer = offer_for(kpi_set.contract)
    may_take = measures_to_take(kpi_set, offer)
    priced = Proxy.objects.offered_on(today()).filter(measure=OuterRef("pk"), is_usual=True)
    measures = may_take.select_related("theme__framework", "unit", "cohort").matching(words)
    measures = measures.annotate(has_value=Exists(priced))
    if _is_number(theme):
        measures = measures.filter(theme=int(theme))
    held = set(kpi_set.terms.values_list("kpi__measure", flat=True))
    rows = [(measure, measure.pk in held) for measure in measures]
    themes = Theme.objects.filter(measures__in=may_take).select_related("framework").distinct()
    context = {
        "kpi_set": kpi_set,
        "contract": kpi_set.contract,
        "rows": rows,
        "words": words,
        "theme": theme,
        "themes": themes,
        # Also where the set before brings along measures of an edition no longer offered.
        "several": len({one.framework_id for one in themes}) > 1,
        "frameworks": offer.frameworks,
        "why_offered": why(kpi_set.contract, offer),
        "may_choose": bool(may_edit(request.user, kpi_set.contract)),
        "trail": set_trail(kpi_set, ("Add a KPI", "")),
    }
    return render(request, "kpis/kpi_add.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@stale_leads_to_the_set
def kpi_add_measure(request: SignedInRequest, contract_number: int, number: int, pk: int) -> HttpResponse:
    """Ask for target and last month of one measure, the rest inherited, and add it."""
    kpi_set = open_set_of(request, contract_number, number)
    seen = Measure.objects.visible_to(request.user)
    measure = get_object_or_404(seen.select_related("unit", "theme", "cohort"), pk=pk)
    starts = kpi_set.effective_month
    initial = {
        "title": measure.title,
        "starts_month": starts,
        "ends_month": usual_last_month(kpi_set.contract, starts),
        "counting_rule": measure.counting_rule,
        "evidence_expected": measure.evidence_expected,
        "cohort": measure.cohort_id,
        "profile": KPITerms.Profile.FLAT,
        "green_from": 100,
        "amber_from": 90,
        "proxy": usual_proxy(measure),
    }
    form = KPIForm(request.POST or None, measure=measure, kpi_set=kpi_set, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        given = form.values
        try:
            terms = verbs.add_kpi(
                kpi_set, by=request.user, measure=measure, version=form.cleaned_data["version"], **given
            )
        except Invalid as refusal:
            put_on_grid(form, refusal)
        except Stale as stale:
            status = keep_what_was_typed(form, stale, kpi_set)
        else:
            messages.success(request, f"“{terms.title}” is in the set.")
            return redirect(kpi_set)
    return _form_page(request, kpi_set, measure, form, status, title="Add a KPI")


def put_on_grid(form, refusal):
    """Put each error beside its field; what is wrong with the months stands by the choice of profile."""
    put_on(
        form, Invalid([("profile" if name == "monthly" else name, words) for name, words in refusal.errors])
    )


def _terms_of(kpi_set, terms_id):
    terms = (
        kpi_set.terms.select_related(
            "kpi__measure__unit", "kpi__measure__theme", "kpi__measure__cohort", "proxy"
        )
        .filter(pk=terms_id)
        .first()
    )
    if terms is None:
        raise Http404
    terms.kpi_set = kpi_set
    return terms


@require_http_methods(["GET", "HEAD", "POST"])
@stale_leads_to_the_set
def kpi_edit(request: SignedInRequest, contract_number: int, number: int, terms_id: int) -> HttpResponse:
    """Ask for changes to one KPI of the set and make them."""
    kpi_set = open_set_of(request, contract_number, number)
    terms = _terms_of(kpi_set, terms_id)
    measure = terms.kpi.measure
    initial = {name: getattr(terms, name) for name in verbs.FIELDS}
    initial["cohort"] = terms.cohort_id
    form = KPIForm(
        request.POST or None,
        measure=measure,
        kpi_set=kpi_set,
        initial=initial,
        amounts=profile.stored(terms),
        kept=profile.kept(terms),
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            verbs.change_kpi(terms, by=request.user, version=form.cleaned_data["version"], **form.values)
        except Invalid as refusal:
            put_on_grid(form, refusal)
        except Stale as stale:
            status = keep_what_was_typed(form, stale, kpi_set)
        else:
            messages.success(request, f"“{form.values['title']}” is changed.")
            return redirect(kpi_set)
    return _form_page(request, kpi_set, measure, form, status, title="Change a KPI", terms=terms)


def _form_page(request: SignedInRequest, kpi_set, measure, form, status, *, title, terms=None):
    before = set_before(kpi_set)
    was = (
        before.terms.select_related("kpi__measure__unit").filter(kpi__measure=measure).first()
        if before
        else None
    )
    context = {
        "form": form,
        "kpi_set": kpi_set,
        "contract": kpi_set.contract,
        "measure": measure,
        "terms": terms,
        "title": title,
        "adds_up": targets.adds_up(measure),
        "was": was,
        "was_target": amount_in_words(measure, was.target) if was else "",
        "trail": set_trail(kpi_set, (title, "")),
    }
    return render(request, "kpis/kpi_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@stale_leads_to_the_set
def kpi_remove(request: SignedInRequest, contract_number: int, number: int, terms_id: int) -> HttpResponse:
    """Ask whether to take the KPI out of the set, then do so."""
    kpi_set = open_set_of(request, contract_number, number)
    terms = _terms_of(kpi_set, terms_id)
    if request.method == "POST":
        version = request.POST.get("version", "")
        verbs.remove_kpi(terms, by=request.user, version=int(version) if _is_number(version) else None)
        messages.success(request, f"“{terms.title}” is no longer in the set.")
        return redirect(kpi_set)
    before = set_before(kpi_set)
    context = {
        "kpi_set": kpi_set,
        "contract": kpi_set.contract,
        "terms": terms,
        "is_carried": bool(before and before.terms.filter(kpi=terms.kpi_id).exists()),
        "trail": set_trail(kpi_set, ("Remove a KPI", "")),
    }
    return render(request, "kpis/kpi_remove.html", context)


@require_POST
@stale_leads_to_the_set
def kpi_take_value(
    request: SignedInRequest, contract_number: int, number: int, terms_id: int
) -> HttpResponse:
    """Give one KPI of a draft its measure's newer £ value; the set's other KPIs keep theirs."""
    kpi_set = open_set_of(request, contract_number, number)
    terms = _terms_of(kpi_set, terms_id)
    version = request.POST.get("version", "")
    # Without its version the form has seen nothing, so it changes nothing.
    terms = verbs.take_usual_value(terms, by=request.user, version=int(version) if _is_number(version) else 0)
    messages.success(request, f"“{terms.title}” now takes “{terms.proxy.name}”.")
    return redirect(kpi_set)
