"""Pages about reminders: what would be sent, the steps, and holding back those of one return."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.calendar import parse_month, today
from accounts.history import history_of
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, mark_of, require
from govuk import formats
from kpis.reminders import permissions, verbs
from kpis.reminders.forms import SnoozeForm, StepForm
from kpis.reminders.log import latest
from kpis.reminders.models import ReminderSnooze, ReminderStep
from kpis.returns.models import MonthlyReturn

PEOPLE_A_PAGE = 25


def _trail(request: SignedInRequest, *rest):
    """Return Home, Administration for administrators, and what follows; the last without a link."""
    crumbs = [("Home", "/")]
    if request.user.authority.is_administrator:
        crumbs.append(("Administration", "/administration/"))
    crumbs += rest
    return [*crumbs[:-1], (crumbs[-1][0], "")]


def reminder_list(request: SignedInRequest):
    """Show what would be sent now, the steps, what is held back, and what was sent last."""
    require(permissions.may_keep_reminders(request.user))
    digests = verbs.preview()
    page = Paginator(digests, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    steps = ReminderStep.objects.all()
    context = {
        "page": page,
        "letters": len(digests),
        "reminders": sum(len(digest.told) for digest in digests),
        "subjects": [
            (label, [step for step in steps if step.subject == value])
            for value, label in ReminderStep.Subject.choices
        ],
        "snoozes": ReminderSnooze.objects.in_force(today()).select_related(
            "monthly_return__contract", "made_by"
        ),
        "sent": latest(20),
        "trail": _trail(request, ("Reminders", "")),
    }
    return render(request, "kpis/reminder_list.html", context)


@require_POST
def reminder_send(request: SignedInRequest):
    """Send what is owed now."""
    sent = verbs.send_now(by=request.user)
    if sent.letters:
        messages.success(
            request,
            f"{formats.plural(sent.reminders, 'reminder')} in {formats.plural(sent.letters, 'letter')} "
            "put into the outbox.",
        )
    else:
        messages.info(request, "Nothing was owed: no letter was written.")
    return redirect("kpis:reminder-list")


@require_http_methods(["GET", "POST"])
def reminder_step_edit(request: SignedInRequest, key):
    """Move a step, reword it, switch it on or off."""
    require(permissions.may_keep_reminders(request.user))
    step = get_object_or_404(ReminderStep, key=key)
    form = StepForm(request.POST or None, step=step)
    status = 200
    if request.method == "POST" and form.is_valid():
        facts = {"days": None, **form.cleaned_data}
        try:
            verbs.change_step(step, by=request.user, **facts)
        except Invalid as invalid:
            invalid.put_on(form)
        except Stale as stale:
            status = form.overtaken(stale, mark_of(step, "reminders.change_step"))
        else:
            messages.success(request, "The reminder is saved.")
            return redirect("kpis:reminder-list")
    context = {
        "form": form,
        "step": step,
        "history": history_of(step)[:50],
        "trail": _trail(request, ("Reminders", "/administration/reminders/"), (str(step), "")),
    }
    return render(request, "kpis/reminder_step_edit.html", context, status=status)


def _return_of(request: SignedInRequest, contract_number, month):
    """Return the monthly return; 404 where there is none this person may see."""
    try:
        first = parse_month(month)
    except ValueError:
        first = None
    return get_object_or_404(
        MonthlyReturn.objects.visible_to(request.user).with_contract(), contract=contract_number, month=first
    )


@require_http_methods(["GET", "POST"])
def reminder_snooze(request: SignedInRequest, contract_number, month):
    """Hold back reminders about a return, with a reason; or let them go again."""
    monthly_return = _return_of(request, contract_number, month)
    require(permissions.may_snooze(request.user, monthly_return))
    form = SnoozeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = verbs.snooze(monthly_return, by=request.user, **form.cleaned_data)
        except Invalid as invalid:
            invalid.put_on(form)
        else:
            messages.success(request, f"No reminders will go out until after {formats.day(made.until)}.")
            return redirect(monthly_return)
    context = {
        "form": form,
        "monthly_return": monthly_return,
        "snooze": monthly_return.snoozes.in_force(today()).select_related("made_by").first(),
        "trail": [
            ("Home", "/"),
            (monthly_return.contract.title, monthly_return.contract.get_absolute_url()),
            (f"{monthly_return.period_words} return", monthly_return.get_absolute_url()),
            ("Hold back reminders", ""),
        ],
    }
    return render(request, "kpis/reminder_snooze.html", context)


@require_POST
def reminder_snooze_end(request: SignedInRequest, contract_number, month):
    """Let reminders about a return go out again."""
    monthly_return = _return_of(request, contract_number, month)
    verbs.end_snooze(monthly_return, by=request.user)
    messages.success(request, "Reminders about this return go out again.")
    return redirect(monthly_return)
