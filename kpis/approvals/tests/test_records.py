"""The record of every submission: exact for ever, in words as of then, whatever happens later."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Appointment, Delegation, Directorate, Role
from accounts.verbs import directorates
from conftest import make_person
from kpis.approvals import challenges, verbs
from kpis.approvals.frozen import terms_of
from kpis.approvals.models import Decision
from kpis.approvals.outcomes import Outcome, with_outcomes
from kpis.approvals.records import changes_between, record_of, set_changes_between, value_words
from kpis.library import verbs as library
from kpis.library.models import Measure
from kpis.proposals import verbs as proposals
from kpis.proposals.differences import differences
from kpis.proposals.models import KPISet, SetSubmission
from kpis.proposals.verbs.exceptions import propose_exception
from kpis.proxies import verbs as values
from kpis.proxies.lines import Figure
from kpis.proxies.tests.making import FACTS, make_proxy

APRIL = dt.date(2026, 4, 1)


def begin(contract, by, month=APRIL, **promises):
    """Return a set with these promises (SV_10=12), described and not sent."""
    kpi_set = proposals.start_set(contract, by=by)
    kpi_set = proposals.describe(kpi_set, by=by, effective_month=month, why="As signed")
    for code, target in promises.items():
        measure = Measure.objects.get(code=code.replace("_", "-"))
        proposals.add_kpi(kpi_set, by=by, measure=measure, target=Decimal(target))
    return KPISet.objects.get(pk=kpi_set.pk)


def send(kpi_set, by):
    return proposals.submit(KPISet.objects.get(pk=kpi_set.pk), by=by)


def approve(kpi_set, by, **more):
    return verbs.approve(kpi_set, by=by, content_hash=kpi_set.content_hash, **more)


def record(kpi_set, ordinal=1, **more):
    """Return the record of a submission as read anew."""
    rows = with_outcomes(SetSubmission.objects.filter(kpi_set=kpi_set, ordinal=ordinal))
    return record_of(rows.get(), **more)


def address(kpi_set, ordinal=None):
    args = [kpi_set.contract_id, kpi_set.number]
    if ordinal is None:
        return reverse("kpis:kpi-set-record", args=args)
    return reverse("kpis:submission-record", args=[*args, ordinal])


def body(client, link):
    """Return what is printed: the page's main part."""
    answer = client.get(link)
    assert answer.status_code == 200
    return re.search(r"<main.*</main>", answer.content.decode(), re.DOTALL).group()


@pytest.fixture
def waiting(highways, priya, dana):
    return send(begin(highways, priya, SV_10=12), priya)


def test_records_three_sets_back_stay_byte_for_byte_whatever_happens_later(
    highways, priya, colin, dana, desmond, della, lena, adam, neighbourhoods, adults, olga, as_person
):
    hours = Measure.objects.get(code="SV-25")
    worth = make_proxy(hours, lena, "16.50", low="15", high="18")
    first = send(begin(highways, priya, SV_10=12, SV_25=120), priya)
    asked = challenges.challenge(first, by=lena, comment="Why twelve?")
    challenges.answer(asked, by=colin, answer="Room for twelve.")
    late = challenges.challenge(first, by=lena, comment="And which wards?")
    returned = verbs.send_back(
        first, by=della, content_hash=first.content_hash, reasons={1: "Too low"}, note="Nearly"
    )
    terms = returned.terms.get(position=1)
    proposals.change_kpi(terms, by=priya, target=Decimal(14))
    challenges.answer(late, by=priya, answer="All of them.")
    approve(send(returned, priya), dana, note="Good")
    second = begin(highways, priya, month=dt.date(2026, 10, 1))
    proposals.change_kpi(second.terms.get(position=2), by=priya, target=Decimal(100))
    approve(send(second, priya), dana)
    links = [address(first, 1), address(first, 2), address(first), address(second)]
    client = as_person(lena)
    before = [body(client, link) for link in links]

    third = begin(highways, priya, month=dt.date(2027, 4, 1))
    approve(send(third, priya), dana)
    challenges.challenge(send(begin(highways, priya, month=dt.date(2027, 5, 1)), priya), by=lena, comment="?")
    library.edit_measure(hours, by=lena, title="Hours given by volunteers")
    library.retire(hours, by=lena)
    values.replace_proxy(
        worth,
        by=lena,
        values=[Figure(None, Decimal(20))],
        why="New study",
        **{**FACTS, "name": "A newer value", "price_year": 2024},
    )
    Delegation.objects.update(revoked_at=timezone.now())
    Appointment.objects.filter(person=dana).update(ends_on=dt.date(2020, 5, 1))
    make_person("Norma Field", (Role.DIRECTOR, neighbourhoods))
    Directorate.objects.filter(pk=neighbourhoods.pk).update(name="Places")
    type(highways).objects.filter(pk=highways.pk).update(directorate=adults, value=Decimal(9))

    assert [body(client, link) for link in links] == before
    assert "Places" not in "".join(before)
    assert "Hours given by volunteers" not in "".join(before)


def test_a_renamed_directorate_keeps_its_name_of_then_in_old_records(waiting, dana, adam, neighbourhoods):
    done = approve(waiting, dana)
    was = record(done).decisions[0].authority
    directorates.rename(neighbourhoods, by=adam, name="Places and Streets")
    assert record(done).decisions[0].authority == was
    assert "Neighbourhoods" in was


def test_a_persons_name_follows_the_person(waiting, dana):
    done = approve(waiting, dana)
    type(dana).objects.filter(pk=dana.pk).update(full_name="Dana Bell")
    assert record(done).decisions[0].by == "Dana Bell"


def test_changes_are_said_from_frozen_words_as_the_decider_read_them(highways, priya, dana, lena):
    hours = Measure.objects.get(code="SV-25")
    worth = make_proxy(hours, lena, "16.50", low="15", high="18")
    first = approve(send(begin(highways, priya, SV_10=12, SV_25=120, SV_03=5), priya), dana)
    newer = values.replace_proxy(
        worth,
        by=lena,
        values=[Figure(None, Decimal(20))],
        why="New study",
        **{**FACTS, "name": "A newer value", "price_year": 2024},
    )
    second = begin(highways, priya, month=dt.date(2026, 10, 1), SV_09=40)
    one, two, three = second.terms.order_by("position")[:3]
    proposals.change_kpi(
        one, by=priya, target=Decimal(9), title="Apprentices", counting_rule="Heads", baseline=Decimal(2)
    )
    proposals.change_kpi(two, by=priya, proxy=newer, ends_month=dt.date(2028, 3, 1), green_from=Decimal(90))
    proposals.remove_kpi(three, by=priya)
    second = proposals.describe(KPISet.objects.get(pk=second.pk), by=priya, returns_every=3)
    shown = differences(second)
    sent = send(second, priya)
    contents = [first.submissions.get().content, sent.submissions.get().content]
    found = changes_between(*contents)
    assert [(one.kind, one.phrases) for one in found] == [(one.kind, one.phrases) for one in shown]
    assert "target 12 to 9" in found[0].phrases
    assert "value of a unit £16.50 (2022 prices) to £20.00 (2024 prices)" in found[1].phrases
    assert {one.kind for one in found} == {"new", "changed", "removed"}
    assert [one.will_be for one in found if one.kind == "changed"] == [
        one.will_be_words for one in shown if one.kind == "changed"
    ]
    assert set_changes_between(*contents) == ["Returns monthly, now quarterly"]
    unchanged = changes_between(contents[1], contents[1])
    assert {one.kind for one in unchanged} == {"unchanged"}


def test_a_text_changed_behind_the_service_is_said_plainly(waiting, dana, lena, as_person):
    done = approve(waiting, dana)
    client = as_person(lena)
    assert "The text below matches this version." in body(client, address(done))
    content = done.submissions.get().content
    content["kpis"][0]["target"] = "99"
    SetSubmission.objects.update(content=content)
    page = body(client, address(done))
    assert "does not match this version" in page
    assert "The text below matches" not in page


def test_a_decision_that_quotes_another_version_is_said_plainly(waiting, dana):
    done = approve(waiting, dana)
    Decision.objects.update(content_hash="0" * 64)
    assert not record(done).matches


def test_a_returned_submission_keeps_its_reasons_and_what_was_asked_by_then(
    waiting, priya, dana, lena, as_person
):
    asked = challenges.challenge(waiting, by=lena, comment="Why twelve?")
    back = verbs.send_back(
        waiting, by=dana, content_hash=waiting.content_hash, reasons={1: "Too low"}, note="Nearly there"
    )
    challenges.answer(asked, by=priya, answer="We asked for more.")
    proposals.change_kpi(back.terms.get(), by=priya, target=Decimal(20))
    sent = send(back, priya)
    first, second = record(sent, 1), record(sent, 2, waiting="with Dana")
    assert first.reasons == [("Apprenticeships started", "Too low")]
    assert (first.outcome, second.outcome) == (Outcome.RETURNED, Outcome.WAITING)
    assert first.sentence.startswith("Dana Okafor returned this KPI set on")
    assert [line.waits for line in first.questions] == ["Not answered then"]
    assert [line.challenge.answer for line in second.questions] == ["We asked for more."]
    assert second.sentence == "Not decided: this KPI set waits with Dana."
    assert "12 people by" in first.kpis[0].promise
    assert "20 people by" in second.kpis[0].promise
    page = body(as_person(lena), address(sent, 1))
    assert "Returned for" in page
    assert "Nearly there" in page


@pytest.mark.parametrize(("move", "words"), [("take_back", "taken back"), ("withdraw", "withdrawn")])
def test_what_was_never_decided_says_so(move, words, waiting, priya):
    done = getattr(proposals, move)(waiting, by=priya)
    assert record(done).sentence.startswith(f"Not decided: this KPI set was {words} by its proposers on ")
    if move == "take_back":
        sent = send(done, priya)
        assert record(sent, 1).outcome == Outcome.TAKEN_BACK
        assert record(sent, 2).outcome == Outcome.WAITING


def test_why_an_answer_was_not_waited_for_stands_in_the_record(waiting, dana, lena, ewa, as_person):
    challenges.challenge(waiting, by=lena, comment="Why twelve?")
    done = approve(waiting, dana, override_reason="The season starts on Monday")
    page = body(as_person(dana), address(done))
    assert "The season starts on Monday" in page
    assert "Not answered then" in page
    outside = body(as_person(ewa), address(done))
    assert "Why twelve?" not in outside
    assert "The season starts" not in outside
    assert "The season starts" in body(as_person(lena), done.get_absolute_url())


def test_an_exceptions_record_says_why_there_are_no_kpis_and_until_when(highways, priya, dana, as_person):
    made = propose_exception(
        highways, by=priya, reason="small", why="Two weeks of work", review_on=dt.date(2027, 3, 1)
    )
    done = approve(send(made, priya), dana)
    page = body(as_person(dana), address(done))
    assert "Approval record, Exception 1" in page
    assert "It is too small or too short" in page
    assert "1 March 2027" in page
    assert "approved this exception on" in page
    assert record(done).matches
    after = send(begin(highways, priya, month=dt.date(2026, 10, 1), SV_10=12), priya)
    assert [one.kind for one in record(after).changes] == ["new"]


def test_each_directorate_of_a_joint_contract_stands_with_its_decision(
    highways, priya, dana, olga, adults, as_person
):
    highways.partner_directorates.add(adults)
    sent = send(begin(highways, priya, SV_10=12), priya)
    approve(sent, dana, note="From us")
    part = record(sent, waiting="with Olga Brandt")
    assert part.outcome == Outcome.WAITING
    assert [line.by for line in part.decisions] == ["Dana Okafor"]
    sent.refresh_from_db()
    done = approve(sent, olga)
    whole = record(done)
    assert [line.by for line in whole.decisions] == ["Dana Okafor", "Olga Brandt"]
    assert whole.sentence.startswith("Dana Okafor and Olga Brandt approved this KPI set on")
    assert "Adult Services" in whole.decisions[1].authority
    page = body(as_person(olga), address(done))
    assert page.index("From us") < page.index("Adult Services")


def test_decisions_made_before_authority_was_frozen_say_what_they_name(waiting, della):
    done = approve(waiting, della)
    Decision.objects.update(authority="")
    assert record(done).decisions[0].authority == (
        "For Dana Okafor, under the delegation of 1 April 2020, Scheme 4.2, contracts up to £5,000,000"
    )
    Decision.objects.update(acting_for=None, delegation=None)
    assert record(done).decisions[0].authority == "In their own right, Neighbourhoods"


def test_years_of_a_value_fold_and_its_factor_is_said_in_full(highways, priya, dana, as_person):
    done = approve(send(begin(highways, priya, SV_32=12), priya), dana)
    page = body(as_person(dana), address(done))
    terms = terms_of(done.submissions.get().content)[0]
    assert len(terms.proxy.values.all()) > 10
    assert f"Each of the {len(terms.proxy.values.all())} years" in page
    content = done.submissions.get().content
    content["kpis"][0]["proxy"] |= {
        "factor": "1.09",
        "price_year": 2024,
        "values": [{"year": None, "value": "269", "low": None, "high": None}],
    }
    said = value_words(terms_of(content)[0])
    assert said.sentence == (
        "£269.00, 2024 prices. Each counts as £293.21: multiplied by 1.09 for what would have happened "
        "anyway, is taken from elsewhere or due to others, and for how many years it lasts."
    )
    assert "×" not in said.sentence
    assert said.years == []


def test_the_signed_document_of_an_adopted_set_stands_in_its_record(waiting, dana, as_person):
    done = approve(waiting, dana)
    KPISet.objects.update(signed_document="Schedule 7 of the contract of 3 May 2024")
    assert "Schedule 7 of the contract of 3 May 2024" in body(as_person(dana), address(done))


def test_a_record_is_read_by_those_who_read_the_set(waiting, priya, dana, cast, as_person):
    insiders = {"colin", "priya", "dafydd", "dana", "desmond", "della", "lena", "adam"}
    for name, person in cast.items():
        expected = 200 if name in insiders else 404
        assert as_person(person).get(address(waiting, 1)).status_code == expected
        assert as_person(person).get(address(waiting)).status_code == 404
    back = verbs.send_back(waiting, by=dana, content_hash=waiting.content_hash, reasons={1: "Too low"})
    done = approve(send(back, priya), dana)
    readers = insiders | {"ewa", "sami"}
    for name, person in cast.items():
        client = as_person(person)
        assert client.get(address(done, 1)).status_code == (200 if name in insiders else 404)
        for link in (address(done, 2), address(done)):
            assert client.get(link).status_code == (200 if name in readers else 404)
    assert as_person(dana).get(address(done, 3)).status_code == 404
    assert as_person(dana).post(address(done)).status_code == 405


def test_the_sets_page_leads_to_each_record_for_those_who_work_on_it(waiting, priya, dana, ewa, as_person):
    back = verbs.send_back(waiting, by=dana, content_hash=waiting.content_hash, reasons={1: "Too low"})
    done = approve(send(back, priya), dana)
    page = body(as_person(priya), done.get_absolute_url())
    assert f'href="{address(done, 1)}"' in page
    assert f'href="{address(done, 2)}"' in page
    assert "Record of submission" not in body(as_person(ewa), done.get_absolute_url())


def test_a_record_of_twenty_kpis_costs_what_one_of_one_costs(
    highways, priya, dana, lena, as_person, django_assert_max_num_queries
):
    small = approve(send(begin(highways, priya, SV_10=12), priya), dana)
    client = as_person(lena)
    client.get(address(small))
    with django_assert_max_num_queries(60) as few:
        client.get(address(small))
    codes = Measure.objects.filter(framework__key="starter-measures", kind="count", status="live")
    promises = {code.replace("-", "_"): 5 for code in codes.values_list("code", flat=True) if code != "SV-10"}
    second = begin(highways, priya, month=dt.date(2026, 10, 1), **dict(list(promises.items())[:20]))
    large = approve(send(second, priya), dana)
    # One more: what the set before had.
    with django_assert_max_num_queries(len(few) + 1):
        client.get(address(large))
