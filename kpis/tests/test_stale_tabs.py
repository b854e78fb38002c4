"""A form sent from a tab that is out of date: never an error, never over somebody else's words."""

from decimal import Decimal

import pytest

from accounts.models import LetterTemplate, Role
from accounts.verbs import letters as letter_texts
from conftest import make_person
from kpis.approvals import verbs as approvals
from kpis.library import verbs as library
from kpis.models import MonthlyReturn, ReminderStep
from kpis.proposals import verbs as proposals
from kpis.reminders import defaults
from kpis.reminders import verbs as reminders
from kpis.returns import verbs as returns
from kpis.returns.tests.conftest import ALL, APRIL, MAY, fill_in
from kpis.tests.factories import make_approved_set, make_measure
from kpis.verification import verbs as checking


@pytest.fixture
def weeks(db):
    return make_measure("Apprenticeship weeks", unit="weeks")


@pytest.fixture
def waiting(highways, weeks, priya):
    """Return a first set that waits for a decision."""
    kpi_set = proposals.start_set(highways, by=priya)
    proposals.add_kpi(kpi_set, by=priya, measure=weeks, target=Decimal(12))
    return sent(kpi_set, priya)


def sent(kpi_set, by):
    kpi_set.refresh_from_db()
    kpi_set = proposals.describe(kpi_set, by=by, why="First commitments.", supplier_agreed=True)
    return proposals.submit(kpi_set, by=by)


def read(form):
    """Return what a form would send back as it was shown."""
    return {field.html_name: "" if field.value() is None else field.value() for field in form}


def holds(answer, *texts):
    """Check that a stale form was answered 409 and that the page holds each text."""
    page = answer.content.decode()
    assert answer.status_code == 409
    for text in texts:
        assert text in page, text


def test_reasons_for_a_set_sent_again_meanwhile_are_given_back_and_nothing_is_decided(
    as_person, waiting, dana, priya
):
    client = as_person(dana)
    url = f"{waiting.get_absolute_url()}decide/"
    typed = read(client.get(url).context["return_form"])
    typed |= {"decision": "return", "return-reason_1": "Twelve weeks are too few"}
    draft = proposals.take_back(waiting, by=priya)
    proposals.change_kpi(draft.terms.get(), by=priya, target=Decimal(24))
    sent(draft, priya)
    holds(client.post(url, typed), "Twelve weeks are too few", "nothing was decided")
    waiting.refresh_from_db()
    assert waiting.status == "submitted"


def test_an_approval_of_a_set_sent_again_meanwhile_is_not_taken(as_person, waiting, dana, priya):
    client = as_person(dana)
    url = f"{waiting.get_absolute_url()}decide/"
    typed = read(client.get(url).context["approve_form"]) | {
        "decision": "approve",
        "approve-note": "Well done all",
    }
    draft = proposals.take_back(waiting, by=priya)
    proposals.change_kpi(draft.terms.get(), by=priya, target=Decimal(24))
    sent(draft, priya)
    holds(client.post(url, typed), "Well done all")
    waiting.refresh_from_db()
    assert waiting.status == "submitted"


def test_a_late_decision_says_who_decided(as_person, waiting, dana, desmond):
    client = as_person(desmond)
    url = f"{waiting.get_absolute_url()}decide/"
    typed = read(client.get(url).context["return_form"])
    typed |= {"decision": "return", "return-reason_1": "Twelve weeks are too few"}
    approvals.approve(waiting, by=dana, content_hash=waiting.content_hash)
    holds(client.post(url, typed), "Twelve weeks are too few", "Dana Okafor approved KPI set 1")


def test_what_a_second_lead_typed_survives_a_return_that_was_submitted_anew(
    as_person, highways, weeks, priya, lena
):
    make_approved_set(highways, APRIL, [(weeks, 120)])
    returns.open_month(MAY)
    may = MonthlyReturn.objects.get()
    fill_in(may, priya)
    returns.submit(may, by=priya, confirmations=ALL)
    client = as_person(lena)
    url = f"{may.get_absolute_url()}verify/"
    typed = read(client.get(url).context["form"]) | {"note": "Seen at the depot"}
    other = make_person("Leo Marsh", Role.LEAD)
    checking.send_back(may, by=other, reason="Count again.")
    holds(client.post(url, typed), "Seen at the depot")
    fill_in(may, priya, value=8, comment="Two trainees left.")
    returns.submit(may, by=priya, confirmations=ALL)
    answer = client.post(url, typed)
    holds(answer, "Seen at the depot", "Somebody else changed this return while you had it open")
    may.refresh_from_db()
    assert may.status == "submitted"
    reading = may.readings.get()
    now = read(answer.context["form"])
    assert Decimal(now[f"amount_{reading.pk}"]) == 10
    # The old figure is no longer what was reported, so it needs a reason.
    assert client.post(url, now).status_code == 200
    assert client.post(url, {**now, f"amount_{reading.pk}": "8"}).status_code == 302


def test_a_measure_changed_in_two_tabs_keeps_both_peoples_words(as_person, weeks, lena):
    client = as_person(lena)
    url = f"/library/measures/{weeks.pk}/edit/"
    typed = read(client.get(url).context["form"]) | {"evidence_expected": "Payroll extract"}
    library.edit_measure(weeks, by=lena, evidence_expected="Letter of the college")
    holds(client.post(url, typed), "Payroll extract", "Letter of the college")
    weeks.refresh_from_db()
    assert weeks.evidence_expected == "Letter of the college"


def test_a_reminder_changed_in_two_tabs_keeps_both_peoples_words(as_person, lena, adam):
    defaults.load()
    step = ReminderStep.objects.filter(days__isnull=False).first()
    client = as_person(lena)
    url = f"/administration/reminders/steps/{step.key}/"
    typed = read(client.get(url).context["form"]) | {"line": "Please send it soon"}
    reminders.change_step(step, by=adam, days=step.days, line="Kindly send it", is_on=True)
    answer = client.post(url, typed)
    holds(answer, "Please send it soon", "Kindly send it")
    assert client.post(url, read(answer.context["form"])).status_code == 302
    step.refresh_from_db()
    assert step.line == "Please send it soon"


def test_a_letters_text_changed_in_two_tabs_keeps_both_peoples_words(as_person, adam):
    client = as_person(adam)
    url = "/administration/letters/delegation-revoked/"
    typed = read(client.get(url).context["form"]) | {"subject": "Your delegation has ended"}
    other = make_person("Ada Quist", Role.ADMINISTRATOR)
    letter_texts.reword("delegation-revoked", by=other, subject="No more delegation", body="Hello")
    holds(client.post(url, typed), "Your delegation has ended", "No more delegation", "Ada Quist")
    assert LetterTemplate.objects.get().subject == "No more delegation"


def test_two_new_names_of_one_directorate_are_put_side_by_side(as_person, adam, neighbourhoods):
    client = as_person(adam)
    url = "/administration/directorates/neighbourhoods/rename/"
    typed = read(client.get(url).context["form"]) | {"name": "Place"}
    client.post(url, typed | {"name": "Environment"})
    holds(client.post(url, typed), "Place", "Environment")
    neighbourhoods.refresh_from_db()
    assert neighbourhoods.name == "Environment"
