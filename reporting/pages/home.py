"""The home page: what needs this person, what waits on others, what comes up."""

import datetime as dt

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Person
from accounts.requests import SignedInRequest
from govuk.formats import plural
from reporting.pages import home_returns, home_sets, home_upkeep
from reporting.pages.home_sections import Section, section
from reporting.permissions import directorates_reported_to, may_see_council_report


def greeting(now: dt.datetime) -> str:
    """Return "Good morning", "Good afternoon" or "Good evening" by London's clock."""
    hour = timezone.localtime(now).hour
    return "Good morning" if hour < 12 else "Good afternoon" if hour < 18 else "Good evening"


def name_to_greet(person: Person) -> str:
    """Return the first name; somebody known by a title is greeted with title and name."""
    titles = ("councillor", "cllr", "dr", "sir", "dame", "lord", "baroness", "mr", "mrs", "ms", "mx")
    return str(person) if person.first_name.lower().rstrip(".") in titles else person.first_name


def needs_you(person: Person, returns_to_do: list) -> Section:
    """Return all that this person has to do, whatever posts they hold."""
    return section(
        [
            *returns_to_do,
            *home_sets.to_decide(person),
            *home_sets.to_finish(person),
            *home_sets.contracts_without(person),
            *home_sets.exceptions_to_review(person),
            *home_sets.contracts_without_manager(person),
            *home_sets.waiting_long(person),
            *home_returns.to_be_checked(person),
            *home_returns.late_in_directorates(person),
            *home_upkeep.stock_takes(person),
            *home_upkeep.unmapped(person),
            *home_upkeep.for_administrators(person),
            *home_upkeep.imports(person),
        ]
    )


def dashboards(person: Person) -> list[tuple[str, str]]:
    """Return names and addresses of the dashboards this person may read: the council's first."""
    found = []
    if may_see_council_report(person):
        found.append(("The whole council", reverse("reporting:council-report-latest")))
    found += [
        (directorate.name, reverse("reporting:directorate-report-latest", args=[directorate.slug]))
        for directorate in directorates_reported_to(person)
    ]
    return found


def sentence(needs: Section, coverage: str, only_reads: bool) -> str:
    """Return the summary under the greeting; those who only read are told how complete the figures are."""
    count = len(needs.rows) + needs.more
    if not count and only_reads:
        words = "" if coverage else "No returns have been opened yet."
    elif not count:
        words = "Nothing needs you today."
    else:
        words = f"{plural(count, 'thing needs', 'things need')} you"
        words += f", {needs.overdue} overdue." if needs.overdue else "."
    return f"{words} {coverage}".strip()


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """Show a person their day."""
    person = request.user
    to_do, with_suppliers = home_returns.to_fill_in(person)
    needs = needs_you(person, to_do)
    waiting = section(
        [*home_sets.with_others(person), *with_suppliers, *home_returns.with_others(person)], shown=8
    )
    events, more_events = home_upkeep.coming_up(person)
    held = person.authority
    now = timezone.now()
    works = held.commissions or held.leads or held.is_contract_manager or held.sees_everything
    only_reads = bool(held.portfolio or held.is_scrutiny) and not (works or held.delegated)
    context = {
        "name": name_to_greet(person),
        "greeting": greeting(now),
        "now": now,
        "holds_anything": held.holds_anything,
        "needs": needs,
        "waiting": waiting,
        "events": events,
        "more_events": more_events,
        "sentence": sentence(needs, home_returns.coverage(person), only_reads),
        "only_reads": only_reads,
        "dashboards": dashboards(person) if only_reads else [],
    }
    return render(request, "reporting/home.html", context)
