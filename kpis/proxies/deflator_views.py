"""Pages of deflators: the series, one with its indices, and a £ value said in another year's prices."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.calendar import today
from accounts.history import history_of
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, require
from kpis.proxies import deflators, permissions, uplift
from kpis.proxies.forms import AddUpliftedForm, SeriesForm, UpliftForm
from kpis.proxies.models import DeflatorSeries
from kpis.proxies.views import measure_trail, proxy_of


def _trail(*more):
    return [
        ("Home", "/"),
        ("Library", reverse("kpis:library")),
        ("£ values", reverse("kpis:proxy-list")),
        *more,
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def proxy_uplift(request: SignedInRequest, measure_pk: int, pk: int) -> HttpResponse:
    """Show a £ value in another year's prices, with the whole working; add it only when asked to."""
    require(permissions.may_read(request.user))
    may_keep = permissions.may_keep(request.user)
    proxy = proxy_of(measure_pk, pk, request.user)
    asked = request.POST if request.method == "POST" else request.GET
    form = UpliftForm(asked if "series" in asked else None, initial=_usual_uplift(proxy))
    worked = None
    if form.is_valid():
        series, year = form.cleaned_data["series"], form.cleaned_data["year"]
        try:
            worked = uplift.uplifted(proxy, series, year)
        except Invalid as refusal:
            refusal.put_on(form)
    add_form = None
    if request.method == "POST":
        require(may_keep)
        add_form = AddUpliftedForm(request.POST)
        if worked and add_form.is_valid():
            try:
                new = uplift.add_uplifted(
                    proxy,
                    by=request.user,
                    series=worked.series,
                    to_year=worked.to_year,
                    name=add_form.cleaned_data["name"],
                    replacing=add_form.cleaned_data["place"] == "replace",
                )
            except Invalid as refusal:
                refusal.put_on(add_form)
            else:
                messages.success(request, f"“{new.name}” is added. KPI sets in force keep theirs.")
                return redirect(new)
    elif worked and may_keep and not proxy.is_withdrawn:
        add_form = AddUpliftedForm(initial={"name": f"{proxy.name}, in {worked.to_year} prices"[:150]})
    context = {
        "proxy": proxy,
        "measure": proxy.measure,
        "form": form,
        "worked": worked,
        "add_form": add_form,
        "title": f"Say it in {worked.to_year} prices" if worked else "Say it in another year’s prices",
        "trail": measure_trail(proxy.measure, (proxy.name, proxy.get_absolute_url()), ("Other prices", "")),
    }
    return render(request, "kpis/proxy_uplift.html", context)


def _usual_uplift(proxy):
    """Return the newest series and its last year that is over, to begin the form with.

    Years to come are forecasts, and this one is not over: a person may ask for them. No year is proposed
    where the value is in those prices, or later ones, already.
    """
    series = DeflatorSeries.objects.filter(is_current=True).prefetch_related("indices").first()
    over = [row.year for row in series.indices.all() if row.year < today().year] if series else []
    year = max(over, default=0)
    return {"series": series, "year": year if year > proxy.price_year else None}


@require_safe
def deflator_list(request: SignedInRequest) -> HttpResponse:
    """Show the series of deflators, those offered for uplifts first."""
    require(permissions.may_read(request.user))
    every = DeflatorSeries.objects.prefetch_related("indices").order_by(
        "-is_current", "-published_on", "name"
    )
    rows = []
    for series in every:
        years = [row.year for row in series.indices.all()]
        rows.append((series, f"{min(years)} to {max(years)}" if years else ""))
    context = {
        "rows": rows,
        "may_keep": bool(permissions.may_keep(request.user)),
        "trail": _trail(("Deflators", "")),
    }
    return render(request, "kpis/deflator_list.html", context)


@require_safe
def deflator_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one series with its index for each year."""
    require(permissions.may_read(request.user))
    series = get_object_or_404(DeflatorSeries, pk=pk)
    context = {
        "series": series,
        "indices": list(series.indices.order_by("-year")),
        "may_keep": bool(permissions.may_keep(request.user)),
        "history": list(history_of(series)),
        "trail": _trail(("Deflators", reverse("kpis:deflator-list")), (series.name, "")),
    }
    return render(request, "kpis/deflator_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def deflator_add(request: SignedInRequest) -> HttpResponse:
    """Ask for a series of deflators with its indices and add it."""
    require(permissions.may_keep(request.user))
    form = SeriesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            series = deflators.add_series(by=request.user, **form.facts)
        except Invalid as refusal:
            refusal.put_on(form)
        else:
            messages.success(request, f"“{series.name}” is offered for uplifts.")
            return redirect("kpis:deflator-page", series.pk)
    context = {
        "form": form,
        "trail": _trail(("Deflators", reverse("kpis:deflator-list")), ("Add deflators", "")),
    }
    return render(request, "kpis/deflator_form.html", context)


@require_POST
def deflator_current(request: SignedInRequest, pk: int) -> HttpResponse:
    """Offer the series for uplifts, or no longer."""
    require(permissions.may_keep(request.user))
    series = get_object_or_404(DeflatorSeries, pk=pk)
    current = request.POST.get("current") == "yes"
    series = deflators.set_current(series, by=request.user, current=current)
    messages.success(
        request, f"“{series.name}” is {'offered' if series.is_current else 'no longer offered'} for uplifts."
    )
    return redirect("kpis:deflator-page", series.pk)
