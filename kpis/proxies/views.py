"""Pages of £ values: the council's list, one value, and the lead's pages to add, replace and withdraw."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.calendar import today
from accounts.history import history_of
from accounts.models import Person
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, require
from govuk.formats import plural
from kpis.library.models import Measure
from kpis.library.permissions import may_see
from kpis.proxies import permissions, verbs, words
from kpis.proxies.checks import why_not_priced
from kpis.proxies.comparing import beside
from kpis.proxies.forms import ProxyFilter, ProxyForm, WithdrawForm
from kpis.proxies.listing import as_file, listed
from kpis.proxies.models import Proxy

PAGE = 50


def measure_trail(measure: Measure, *more):
    """Return the trail of (label, address) to a measure's page and on through `more`."""
    return [
        ("Home", "/"),
        ("Library", reverse("kpis:library")),
        (measure.code, measure.get_absolute_url()),
        *more,
    ]


def proxy_of(measure_pk: int, pk: int, person: Person) -> Proxy:
    """Return the proxy of the measure with what its pages show, or 404; refuse readers of drafts."""
    found = Proxy.objects.select_related(
        "measure__framework", "measure__unit", "unit", "replaces", "deflators", "added_by"
    ).prefetch_related("values", "replaced_by")
    proxy = get_object_or_404(found, pk=pk, measure__pk=measure_pk)
    require(may_see(person, proxy.measure))
    return proxy


@require_safe
def proxy_list(request: SignedInRequest) -> HttpResponseBase:
    """Show every £ value of the council with source, range and age of prices, and give it as a file."""
    require(permissions.may_read(request.user))
    form = ProxyFilter(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = listed(asked.get("q", "").replace("\x00", ""), asked.get("which", ""), today(), request.user)
    if request.GET.get("format") in {"csv", "xlsx"}:
        return as_file(found, request.GET["format"])
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page_obj": page,
        "rows": [(one, words.ends(one), *words.where_it_stands(one, today()), _age(one)) for one in page],
        "count": plural(page.paginator.count, "£ value"),
        "query": query.urlencode(),
        "is_narrowed": any(asked.values()),
        "trail": [("Home", "/"), ("Library", reverse("kpis:library")), ("£ values", "")],
    }
    return render(request, "kpis/proxy_list.html", context)


def _age(proxy: Proxy) -> str:
    old = words.years_old(proxy, today())
    return f"{old} years old" if old > words.OLD_PRICES else ""


@require_safe
def proxy_page(request: SignedInRequest, measure_pk: int, pk: int) -> HttpResponse:
    """Show one £ value: figures, source, adjustments worked out, who uses it, what stands beside it."""
    require(permissions.may_read(request.user))
    proxy = proxy_of(measure_pk, pk, request.user)
    standing, colour = words.where_it_stands(proxy, today())
    may_keep = bool(permissions.may_keep(request.user))
    context = {
        "proxy": proxy,
        "measure": proxy.measure,
        "figures": list(proxy.values.all()),
        "is_by_year": bool(words.by_year(proxy)),
        "now": proxy.value_in(today().year),
        "this_year": today().year,
        "standing": standing,
        "colour": colour,
        "age": _age(proxy),
        "adjustments": words.adjustments(proxy),
        "worked": words.factor_worked(proxy),
        "validity": words.validity(proxy),
        "comparisons": beside(proxy, today().year),
        "successors": list(proxy.replaced_by.all()),
        "may_keep": may_keep,
        "may_change": may_keep and not proxy.is_withdrawn,
        "history": list(history_of(proxy)),
        "trail": measure_trail(proxy.measure, (proxy.name, "")),
    }
    return render(request, "kpis/proxy_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def proxy_add(request: SignedInRequest, measure_pk: int) -> HttpResponse:
    """Ask for a £ value of the measure and add it; say why where it can have none."""
    require(permissions.may_keep(request.user))
    measure = get_object_or_404(Measure.objects.select_related("unit", "framework"), pk=measure_pk)
    form = ProxyForm(request.POST or None, measure=measure)
    if request.method == "POST" and form.is_valid():
        try:
            proxy = verbs.add_proxy(measure, by=request.user, **form.facts)
        except Invalid as refusal:
            refusal.put_on(form)
        else:
            messages.success(request, f"“{proxy.name}” is a £ value of {measure.code}.")
            return redirect(proxy)
    context = {
        "form": form,
        "measure": measure,
        "refused": why_not_priced(measure),
        "title": "Add a £ value",
        "trail": measure_trail(measure, ("Add a £ value", "")),
    }
    return render(request, "kpis/proxy_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def proxy_replace(request: SignedInRequest, measure_pk: int, pk: int) -> HttpResponse:
    """Ask for the value that takes the old one's place in KPI sets to come; the old one stands as it is."""
    require(permissions.may_keep(request.user))
    proxy = proxy_of(measure_pk, pk, request.user)
    _refuse_withdrawn(request, proxy)
    measure = proxy.measure
    form = ProxyForm(request.POST or None, measure=measure, replaces=proxy)
    if request.method == "POST" and form.is_valid():
        try:
            new = verbs.replace_proxy(proxy, by=request.user, **form.facts)
        except Invalid as refusal:
            refusal.put_on(form)
        else:
            messages.success(
                request, f"“{new.name}” replaces it in KPI sets to come. Those in force keep theirs."
            )
            return redirect(new)
    context = {
        "form": form,
        "measure": measure,
        "proxy": proxy,
        "refused": why_not_priced(measure),
        "title": f"Replace “{proxy.name}”",
        "trail": measure_trail(measure, (proxy.name, proxy.get_absolute_url()), ("Replace", "")),
    }
    return render(request, "kpis/proxy_form.html", context)


def _refuse_withdrawn(request, proxy):
    if proxy.is_withdrawn and request.method in {"GET", "HEAD"}:
        raise Stale(f"“{proxy.name}” is withdrawn already. {proxy.withdrawn_why}".strip())


@require_http_methods(["GET", "HEAD", "POST"])
def proxy_withdraw(request: SignedInRequest, measure_pk: int, pk: int) -> HttpResponse:
    """Ask why the value is withdrawn, then withdraw it from KPI sets to come."""
    require(permissions.may_keep(request.user))
    proxy = proxy_of(measure_pk, pk, request.user)
    _refuse_withdrawn(request, proxy)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.withdraw(proxy, by=request.user, why=form.cleaned_data["why"])
        except Invalid as refusal:
            refusal.put_on(form)
        else:
            messages.success(request, f"“{proxy.name}” is withdrawn from KPI sets to come.")
            return redirect(proxy)
    context = {
        "form": form,
        "proxy": proxy,
        "measure": proxy.measure,
        "trail": measure_trail(proxy.measure, (proxy.name, proxy.get_absolute_url()), ("Withdraw", "")),
    }
    return render(request, "kpis/proxy_withdraw.html", context)


@require_POST
def proxy_make_usual(request: SignedInRequest, measure_pk: int, pk: int) -> HttpResponse:
    """Let new KPIs of the measure take this value."""
    require(permissions.may_keep(request.user))
    proxy = proxy_of(measure_pk, pk, request.user)
    try:
        verbs.make_usual(proxy, by=request.user)
    except Invalid as refusal:
        messages.error(request, f"{refusal}.")
    else:
        messages.success(request, f"New KPIs of {proxy.measure.code} now take “{proxy.name}”.")
    return redirect(proxy)
