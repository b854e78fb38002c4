"""Pages of the rules: what is asked of which contracts, for everybody; adding, changing and removing."""

from math import inf
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import HistoryRow
from accounts.requests import SignedInRequest
from accounts.verbs.recipe import Invalid, Stale, mark_of, require
from contracts.models import ContractTier, ProportionateRule, ValueBand
from contracts.rules import permissions, verbs, words
from contracts.rules.finding import bands
from contracts.rules.forms import RemoveForm, RuleForm

TITLE = "What is asked of contracts"
LATEST = 30
# Sorts behind every name.
LAST = "\U0010ffff"


@require_safe
def rule_list(request: SignedInRequest) -> HttpResponse:
    """Show the rules, the value bands and tiers they are drawn by, and what was changed of them."""
    rules = sorted(ProportionateRule.objects.select_related("tier", "category", "band"), key=_place)
    scale = bands()
    context = {
        "rows": [(rule, words.weighting_asked(rule), words.kpis_asked(rule)) for rule in rules],
        "bands": [
            (band, after.at_least if after else None)
            for band, after in zip(scale, [*scale[1:], None], strict=True)
        ]
        if scale
        else [],
        "nothing_below": scale[0].at_least if scale else None,
        "tiers": list(ContractTier.objects.all()),
        "history": list(_history()),
        "may_keep": bool(permissions.may_keep(request.user)),
        "trail": trail(),
    }
    return render(request, "contracts/rule_list.html", context)


def _place(rule: ProportionateRule) -> tuple:
    """Return where a rule stands in the list: by tier, category and value, what is for all after the rest."""
    return (
        rule.tier.position if rule.tier else inf,
        rule.category.name if rule.category else LAST,
        rule.band.at_least if rule.band else inf,
        rule.pk,
    )


def _history():
    kinds = [model._meta.label_lower for model in (ProportionateRule, ValueBand, ContractTier)]
    rows = HistoryRow.objects.filter(subject_type__in=kinds)
    return rows.select_related("actor", "acting_for", "delegation")[:LATEST]


def trail(*more: str) -> list[tuple[str, str]]:
    """Return the trail to the rules and on to a page under them."""
    here = [("Home", "/"), ("Contracts", reverse("contracts:contract-list"))]
    if not more:
        return [*here, (TITLE, "")]
    return [*here, (TITLE, reverse("contracts:rule-list")), *((label, "") for label in more)]


@require_http_methods(["GET", "HEAD", "POST"])
def rule_add(request: SignedInRequest) -> HttpResponse:
    """Ask for a new rule and add it."""
    require(permissions.may_keep(request.user))
    form = RuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            rule = verbs.add_rule(by=request.user, **form.facts)
        except Invalid as refusal:
            refusal.put_on(form)
        else:
            messages.success(request, f"The rule was added: {rule}.")
            return redirect("contracts:rule-list")
    return _form(request, form, "Add a rule", "Add the rule")


@require_http_methods(["GET", "HEAD", "POST"])
def rule_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for changes to a rule and make them; what was typed outlives somebody else's change."""
    require(permissions.may_keep(request.user))
    rule = get_object_or_404(ProportionateRule, pk=pk)
    seen = mark_of(rule, verbs.CHANGED)
    form = RuleForm(request.POST or None, instance=rule, initial={"seen": seen})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            rule = verbs.change_rule(rule, by=request.user, seen=form.cleaned_data["seen"], **form.facts)
        except Invalid as refusal:
            refusal.put_on(form)
        except Stale as stale:
            if not ProportionateRule.objects.filter(pk=pk).exists():
                raise
            status = form.overtaken(stale, mark_of(rule, verbs.CHANGED))
        else:
            messages.success(request, f"The rule was changed: {rule}.")
            return redirect("contracts:rule-list")
    return _form(request, form, "Change a rule", "Save changes", status, about=str(rule))


def _form(
    request: SignedInRequest, form: RuleForm, title: str, button: str, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"form": form, "title": title, "button": button, "trail": trail(title), **more}
    return render(request, "contracts/rule_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def rule_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask whether to take a rule away, then do so."""
    require(permissions.may_keep(request.user))
    rule = get_object_or_404(ProportionateRule.objects.select_related("tier", "category", "band"), pk=pk)
    form = RemoveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = str(rule)
        verbs.remove_rule(rule, by=request.user, note=form.cleaned_data["note"])
        messages.success(request, f"The rule was removed: {name}.")
        return redirect("contracts:rule-list")
    context = {
        "form": form,
        "title": "Remove this rule?",
        "name": str(rule),
        "about": "Its contracts fall to the next rule that fits them, if there is one. KPI sets that were "
        "begun under it stay as they are.",
        "button": "Remove the rule",
        "trail": trail("Remove a rule"),
    }
    return render(request, "contracts/rule_remove.html", context)
