"""The log of approvals: one row for each submission, who may read which, how long it took, as a file."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.calendar import today, working_days_between
from conftest import make_contract
from kpis.approvals import challenges, verbs
from kpis.approvals.log import Asked, entries_of, median, submissions_for, summary_of, with_everything
from kpis.approvals.outcomes import Outcome
from kpis.approvals.tests.test_pages import send
from kpis.models import Decision
from kpis.proposals import verbs as proposals
from kpis.proposals.models import KPISet, SetSubmission

LOG = "/approvals/log/"


@pytest.fixture
def sent(highways, priya, dana):
    return send(highways, priya)


def entries(person, **asked):
    return entries_of(with_everything(submissions_for(person, Asked(**asked))), person)


def page(client, query=""):
    answer = client.get(LOG + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_submission_is_a_row_with_what_became_of_it(sent, priya, dana, lena, as_person):
    back = verbs.send_back(sent, by=dana, content_hash=sent.content_hash, reasons={1: "Too low"})
    again = proposals.submit(back, by=priya)
    taken = proposals.take_back(again, by=priya)
    last = proposals.submit(taken, by=priya)
    found = [(one.submission.ordinal, one.submission.outcome) for one in entries(lena)]
    assert found == [(3, Outcome.WAITING), (2, Outcome.TAKEN_BACK), (1, Outcome.RETURNED)]
    verbs.approve(last, by=dana, content_hash=last.content_hash)
    assert entries(lena)[0].submission.outcome == Outcome.APPROVED
    shown = page(as_person(lena))
    for words in ("Approved", "Taken back", "Returned", "Dana Okafor", "Priya Shah", "submission 3"):
        assert words in shown


def test_a_waiting_row_says_with_whom_and_since_when(sent, lena, as_person):
    SetSubmission.objects.update(submitted_at=timezone.now() - dt.timedelta(days=21))
    KPISet.objects.update(submitted_at=timezone.now() - dt.timedelta(days=21))
    one = entries(lena)[0]
    assert one.waiting == "with Dana Okafor (Strategic Director)"
    assert one.days == working_days_between(today() - dt.timedelta(days=21), today())
    shown = page(as_person(lena))
    assert "Waiting with Dana Okafor (Strategic Director), since" in shown
    assert "1 waits, 1 of them for more than 5 working days." in shown


def test_a_delegates_decision_shows_in_whose_name_and_by_what_right(sent, della, lena, as_person):
    verbs.approve(sent, by=della, content_hash=sent.content_hash)
    one = entries(lena)[0]
    assert one.deciders == "Della Marsh for Dana Okafor"
    assert "Scheme 4.2" in one.authority
    assert "Scheme 4.2" in page(as_person(lena))


def test_questions_and_why_they_were_not_waited_for_are_for_those_who_work_on_it(
    sent, lena, dana, ewa, as_person
):
    challenges.challenge(sent, by=lena, comment="Why twelve?")
    assert (entries(lena)[0].questions, entries(lena)[0].unanswered) == (1, 1)
    assert "1 not answered yet" in page(as_person(lena))
    verbs.approve(sent, by=dana, content_hash=sent.content_hash, override_reason="The season starts")
    assert "The season starts" in page(as_person(lena))
    assert (entries(ewa)[0].questions, entries(ewa)[0].override) == (None, "")
    assert "The season starts" not in page(as_person(ewa))


def test_who_reads_which_rows_follows_the_sets(sent, home_care, oscar, olga, dana, cast, priya):
    back = verbs.send_back(sent, by=dana, content_hash=sent.content_hash, reasons={1: "Too low"})
    done = proposals.submit(back, by=priya)
    verbs.approve(done, by=dana, content_hash=done.content_hash)
    other = send(home_care, oscar)
    seen = {
        name: {(one.submission.kpi_set_id, one.submission.ordinal) for one in entries(person)}
        for name, person in cast.items()
    }
    ours, theirs = {(done.pk, 1), (done.pk, 2)}, {(other.pk, 1)}
    for name in ("colin", "priya", "dafydd", "dana", "desmond", "della"):
        assert seen[name] == ours, name
    for name in ("oscar", "olga", "otto"):
        assert seen[name] == theirs, name
    for name in ("lena", "adam"):
        assert seen[name] == ours | theirs, name
    for name in ("ewa", "sami"):
        assert seen[name] == {(done.pk, 2)}, name
    assert seen["nadia"] == set()


def test_it_is_narrowed_by_directorate_contract_outcome_year_and_person(
    sent, home_care, oscar, olga, priya, lena, neighbourhoods, adults, as_person
):
    other = send(home_care, oscar)
    SetSubmission.objects.filter(kpi_set=other).update(submitted_at=dt.datetime(2021, 4, 1, tzinfo=dt.UTC))
    verbs.approve(other, by=olga, content_hash=other.content_hash)

    def titles(person=lena, **asked):
        return [one.contract.title for one in entries(person, **asked)]

    assert titles() == ["Highways resurfacing", "Home care"]
    assert titles(directorate=str(adults.pk)) == ["Home care"]
    assert titles(q="resurf") == ["Highways resurfacing"]
    assert titles(outcome="approved") == ["Home care"]
    assert titles(year="2021") == ["Home care"]
    assert titles(year="2020") == []
    assert titles(contract=sent.contract_id) == ["Highways resurfacing"]
    assert titles(person=priya, mine=True) == ["Highways resurfacing"]
    assert titles(mine=True) == []
    client = as_person(lena)
    shown = page(client, f"?directorate={adults.pk}&outcome=approved&year=2021")
    assert "Home care: KPI set 1" in shown
    assert "Highways resurfacing: KPI set" not in shown
    assert "Nothing fits" in page(client, "?outcome=returned")
    shown = page(client, f"?contract={sent.contract_id}")
    assert '<span class="govuk-caption-l">Highways resurfacing</span>' in shown
    assert "Home care: KPI set" not in shown


def test_a_partners_directorate_finds_a_joint_contract_too(sent, highways, adults, lena):
    highways.partner_directorates.add(adults)
    one = entries(lena, directorate=str(adults.pk))[0]
    assert one.directorates == "Neighbourhoods, Adult Services"


@pytest.mark.parametrize(
    "query",
    [
        "?directorate=abc&outcome=x&year=99999&page=zz&contract=x",
        "?year=0&q=%00%25'",
        "?contract=99999999999999999999",
        "?mine=on&mine=on&format=pdf",
        "?q=" + "a " * 150,
    ],
)
def test_what_nobody_offered_counts_as_nothing(query, sent, lena, as_person):
    assert "Approval log" in page(as_person(lena), query)


def test_the_log_of_a_contract_nobody_may_see_is_not_there(sent, olga, nadia, as_person):
    for person in (olga, nadia):
        assert as_person(person).get(f"{LOG}?contract={sent.contract_id}").status_code == 404
    assert "Nothing was sent for approval yet" in page(as_person(nadia))


@pytest.mark.parametrize(
    ("values", "middle"), [([], None), ([3], "3"), ([5, 1], "3"), ([1, 2, 9], "2"), ([2, 3], "2.5")]
)
def test_the_median_is_exact(values, middle):
    assert median(values) == (None if middle is None else Decimal(middle))


def test_the_summary_counts_decisions_and_what_waits_long(sent, home_care, oscar, olga, lena):
    other = send(home_care, oscar)
    verbs.approve(other, by=olga, content_hash=other.content_hash)
    monday = dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC)
    SetSubmission.objects.filter(kpi_set=other).update(submitted_at=monday)
    Decision.objects.update(decided_at=monday + dt.timedelta(days=3))
    summary = summary_of(submissions_for(lena, Asked()))
    assert (summary.total, summary.decided, summary.median, summary.waiting) == (2, 1, Decimal(3), 1)
    assert summary.sentence.startswith("1 decided, half of them within 3 working days. 1 waits, ")


def test_it_downloads_as_csv_and_excel_with_the_filters_and_safe_cells(sent, highways, lena, dana, as_person):
    verbs.approve(sent, by=dana, content_hash=sent.content_hash)
    type(highways).objects.filter(pk=highways.pk).update(title="=HYPERLINK(1)")
    client = as_person(lena)
    answer = client.get(f"{LOG}?format=csv&outcome=approved")
    text = b"".join(answer).decode("utf-8-sig")
    header, line = text.splitlines()[:2]
    assert header.startswith("Contract number,Contract,Reference,Directorates,")
    assert "'=HYPERLINK(1)" in line
    assert "Dana Okafor" in line
    assert sent.content_hash in line
    assert len(b"".join(client.get(f"{LOG}?format=csv&outcome=returned")).decode().splitlines()) == 1
    assert client.get(f"{LOG}?format=xlsx").content[:2] == b"PK"


def test_two_hundred_rows_cost_what_three_cost(
    sent, neighbourhoods, priya, colin, dana, lena, as_person, django_assert_max_num_queries
):
    challenges.challenge(sent, by=lena, comment="Why twelve?")
    done = send(make_contract("Bridges", neighbourhoods, manager=priya), priya)
    verbs.approve(done, by=dana, content_hash=done.content_hash)
    client = as_person(lena)
    client.get(LOG)
    with django_assert_max_num_queries(60) as few:
        client.get(LOG)
    with django_assert_max_num_queries(60) as few_in_file:
        b"".join(client.get(f"{LOG}?format=csv"))
    template = done.submissions.get()
    for number in range(200):
        contract = make_contract(f"Contract {number}", neighbourhoods, manager=priya)
        waits = number % 2
        kpi_set = KPISet.objects.create(
            contract=contract,
            number=1,
            status="submitted" if waits else "approved",
            effective_month=dt.date(2026, 4, 1),
            submitted_by=priya,
            submitted_at=timezone.now(),
            decided_at=None if waits else timezone.now(),
        )
        one = SetSubmission.objects.create(
            kpi_set=kpi_set, ordinal=1, content=template.content, content_hash="0" * 64, submitted_by=priya
        )
        if not waits:
            Decision.objects.create(
                submission=one, outcome="approved", content_hash="0" * 64, decided_by=dana,
                directorate=neighbourhoods,
            )  # fmt: skip
    with django_assert_max_num_queries(len(few)):
        assert "Next" in client.get(LOG).content.decode()
    with django_assert_max_num_queries(len(few_in_file)):
        assert len(b"".join(client.get(f"{LOG}?format=csv")).splitlines()) == 203


def test_it_is_linked_from_approvals_and_from_the_contract(sent, lena, as_person):
    client = as_person(lena)
    assert f'href="{LOG}"' in client.get("/approvals/").content.decode()
    link = reverse("kpis:approval-log")
    contract = client.get(sent.contract.get_absolute_url()).content.decode()
    assert f'href="{link}?contract={sent.contract_id}"' in contract
