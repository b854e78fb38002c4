"""Entering figures: one KPI a page, or all of them in a grid."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.calendar import add_months
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid
from govuk import charts
from govuk.formats import month as show_month
from govuk.formats import plural
from kpis.library.models import Kind
from kpis.readings.models import Reading
from kpis.readings.to_date import WORKING, figures_of, figures_to_date
from kpis.returns import verbs
from kpis.returns.forms import GridForm, ReadingForm, stands
from kpis.returns.rows import amount, counted_word, to_date_text, unit_of
from kpis.returns.verbs.figures import cohorts_of
from kpis.returns.verbs.submitting import readings_of
from kpis.returns.views.gate import address, get_return_to_fill_in, trail


@require_http_methods(["GET", "HEAD", "POST"])
def reading_edit(request: SignedInRequest, number: int, month: dt.date, kpi: int) -> HttpResponse:
    """Ask for one KPI's figure and save it; then on to the next."""
    monthly_return = get_return_to_fill_in(request, number, month)
    readings = readings_of(monthly_return)
    reading = next((item for item in readings if item.kpi_id == kpi), None)
    if reading is None:
        reading = get_object_or_404(Reading, monthly_return=monthly_return, kpi=kpi)
    position = readings.index(reading)
    following = readings[position + 1] if position + 1 < len(readings) else None
    cohorts = cohorts_of(reading)
    form = ReadingForm(request.POST or None, request.FILES or None, reading=reading, cohorts=cohorts)
    theirs, status = None, 200
    if request.method == "POST" and form.is_valid():
        try:
            _save(form, reading, request.user)
        except Invalid as invalid:
            form.put_errors(invalid.errors)
        except verbs.SavedMeanwhile as meanwhile:
            theirs, status = meanwhile.theirs, 409
            typed = request.POST.copy()
            # Saving again is then a choice made with theirs in view.
            typed["version"] = str(theirs.version)
            form = ReadingForm(typed, reading=reading, cohorts=cohorts)
            form.add_error(None, f"{meanwhile} Compare the two below, then save again to keep yours.")
        else:
            messages.success(request, f"{reading.terms.title} saved.")
            if request.POST.get("then") == "list" or following is None:
                return redirect(monthly_return)
            return redirect(address("reading-edit", monthly_return, following.kpi_id))
    context = {
        "monthly_return": monthly_return,
        "contract": monthly_return.contract,
        "reading": reading,
        "form": form,
        "evidence_fields": [form[name] for name in form.evidence_fields],
        # Folded until somebody wants it, or something in it is wrong.
        "evidence_open": any(form[name].errors for name in form.evidence_fields),
        "theirs": theirs,
        "their_figure": stands(theirs) if theirs else "",
        "evidence": reading.evidence.filter(withdrawn_at=None),
        "number_of": f"KPI {position + 1} of {len(readings)}",
        "following": following,
        "trail": trail(monthly_return, reading.terms.title),
        **panel_of(reading),
    }
    return render(request, "kpis/reading_edit.html", context, status=status)


def _save(form: ReadingForm, reading: Reading, by) -> None:
    """Save figure and file together: a file that can't be taken leaves the page as it was typed."""
    with transaction.atomic():
        saved = verbs.save_reading(reading, by=by, **form.entry())
        file = form.evidence()
        if file is not None:
            verbs.add_evidence(saved.monthly_return, by=by, readings=[saved], **file)


def panel_of(reading: Reading) -> dict:
    """Return what stands beside the question: target, to date, the last twelve months, the last comment."""
    kind = reading.measure.kind
    to_date = figures_to_date(reading.kpi_id, reading.month, which=WORKING)
    earlier = list(
        Reading.objects.filter(
            kpi=reading.kpi_id, month__lt=reading.month, month__gte=add_months(reading.month, -12)
        )
        .select_related("monthly_return")
        .order_by("month")
    )
    picture = None
    if reading.measure.is_number and any(item.saved_at for item in earlier):
        values = [_bar(item, kind) for item in earlier]
        picture = charts.spark_bars(
            values,
            reading.target,
            title=f"{reading.terms.title}, {show_month(earlier[0].month)} to {show_month(earlier[-1].month)}",
            unit="£"
            if kind == Kind.MONEY
            else "%"
            if kind == Kind.PERCENTAGE
            else reading.measure.unit.short,
            key=f"kpi-{reading.kpi_id}",
        )
    commented = next((item for item in reversed(earlier) if item.comment), None)
    return {
        "target": amount(reading.target, kind),
        "unit": unit_of(reading),
        "to_date": to_date,
        "to_date_text": to_date_text(to_date, kind),
        "picture": picture,
        "commented": commented,
        "counted_word": counted_word(reading.monthly_return),
    }


def _bar(reading: Reading, kind: str):
    """Return a month's bar: a percentage as 0 to 100, None where there is no figure."""
    if kind != Kind.PERCENTAGE:
        return reading.value
    if not reading.denominator or reading.numerator is None:
        return None
    return (reading.numerator * 100 / reading.denominator).quantize(Decimal("0.01"))


@require_http_methods(["GET", "HEAD", "POST"])
def return_grid(request: SignedInRequest, number: int, month: dt.date) -> HttpResponse:
    """Ask for all figures on one page; each KPI is saved by itself, so one mistake holds up nothing else."""
    monthly_return = get_return_to_fill_in(request, number, month)
    readings = readings_of(monthly_return)
    data, status, meanwhile = request.POST.copy() if request.method == "POST" else None, 200, {}
    forms = _grid_forms(readings, data)
    if data is not None:
        valid = [form for form in forms if form.is_valid()]
        saved = 0
        for form in valid:
            if not form.has_changed():
                continue
            try:
                reading = verbs.save_reading(form.reading, by=request.user, **form.entry())
            except Invalid as invalid:
                form.put_errors(invalid.errors)
            except verbs.SavedMeanwhile as other:
                status = 409
                meanwhile[form.reading.pk] = stands(other.theirs)
                data[form.add_prefix("version")] = str(other.theirs.version)
                form.put_errors([("", f"{other} Theirs is shown in the row: save again to keep yours.")])
            else:
                saved += 1
                data[form.add_prefix("version")] = str(reading.version)
        wrong = [form for form in forms if form.errors]
        if not wrong:
            messages.success(request, f"{plural(saved, 'KPI')} saved." if saved else "Nothing had changed.")
            return redirect(monthly_return)
        if saved:
            messages.info(request, f"{plural(saved, 'KPI')} saved. Put the others right below.")
    to_dates = figures_of([reading.kpi_id for reading in readings], month, which=WORKING)
    rows = [
        {
            "form": form,
            "reading": form.reading,
            "target": amount(form.reading.target, form.reading.measure.kind),
            "unit": unit_of(form.reading),
            "to_date": to_date_text(to_dates[form.reading.kpi_id], form.reading.measure.kind),
            "rating": str(to_dates[form.reading.kpi_id].rating)
            if to_dates[form.reading.kpi_id].actual is not None
            else "",
            "theirs": meanwhile.get(form.reading.pk, ""),
            "version": (data if data is not None else QueryDict()).get(
                form.add_prefix("version"), form.reading.version
            ),
        }
        for form in forms
    ]
    context = {
        "monthly_return": monthly_return,
        "contract": monthly_return.contract,
        "rows": rows,
        "forms": forms,
        "has_errors": any(form.errors for form in forms),
        "trail": trail(monthly_return, "All KPIs on one page"),
    }
    return render(request, "kpis/return_grid.html", context, status=status)


def _grid_forms(readings: list[Reading], data) -> list[GridForm]:
    return [
        GridForm(data, prefix=f"k{reading.kpi_id}", reading=reading, cohorts=cohorts_of(reading))
        for reading in readings
    ]
