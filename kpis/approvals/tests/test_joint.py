"""A joint contract's set: each directorate approves it, either returns it, and it waits in between."""

import datetime as dt

import pytest

from accounts.calendar import working_days_between
from accounts.models import Delegation, HistoryRow, Letter, Person, Post, PostHolding
from accounts.verbs.recipe import Invalid, Refused, Stale
from conftest import LONG_AGO
from contracts.models import Contract
from kpis.approvals import routing, verbs
from kpis.approvals.listing import since
from kpis.approvals.models import Challenge, Decision
from kpis.approvals.permissions import awaiting_decision_by, may_decide
from kpis.approvals.tests.clock import freeze_time
from kpis.approvals.tests.test_pages import approval, decide, send
from kpis.proposals import verbs as proposals
from kpis.proposals.deciders import deciders_of, seats_of, seats_of_many
from kpis.proposals.models import KPISet
from kpis.proposals.reading import waiting_with


@pytest.fixture
def joint(highways, adults):
    """Return the contract as one of two directorates."""
    highways.partner_directorates.add(adults)
    return highways


@pytest.fixture
def waiting(joint, priya, dana, olga):
    """Return a set that waits with both directors."""
    return send(joint, priya)


def approve(kpi_set, by):
    return verbs.approve(kpi_set, by=by, content_hash=kpi_set.content_hash)


def letters(kind):
    return sorted(Letter.objects.filter(kind=kind).values_list("to__full_name", flat=True))


def test_both_directors_are_asked_and_each_is_told_it_takes_both(waiting, joint):
    assert [one.name for one in seats_of(joint)] == ["Neighbourhoods", "Adult Services"]
    assert letters("set-waiting") == ["Dana Okafor", "Olga Brandt"]
    body = Letter.objects.get(kind="set-waiting", to__full_name="Olga Brandt").body
    assert "Adult Services is one of the directorates that must approve it" in body
    assert waiting_with(waiting) == (
        "with Dana Okafor (Strategic Director) for Neighbourhoods and "
        "with Olga Brandt (Strategic Director) for Adult Services"
    )


def test_one_approval_leaves_it_waiting_and_the_second_puts_it_in_force(
    waiting, dana, olga, priya, colin, neighbourhoods, adults
):
    half = approve(waiting, olga)
    assert (half.status, half.decided_at) == ("submitted", None)
    decision = Decision.objects.get()
    assert (decision.directorate, decision.authority) == (adults, "Strategic Director, Adult Services")
    assert HistoryRow.objects.order_by("-pk").first().summary == (
        "Approved KPI set 1 for Adult Services; Neighbourhoods still to decide"
    )
    assert letters("set-approved-in-part") == ["Colin Reyes", "Dana Okafor", "Priya Shah"]
    assert "with Dana Okafor (Strategic Director) for Neighbourhoods; approved for Adult Services by" in (
        waiting_with(half)
    )
    assert [one.person for one in deciders_of(half)] == [dana]
    assert half not in awaiting_decision_by(olga)
    whole = approve(half, dana)
    assert whole.status == "approved"
    assert set(Decision.objects.values_list("directorate", flat=True)) == {neighbourhoods.pk, adults.pk}
    assert letters("set-approved") == ["Colin Reyes", "Olga Brandt", "Priya Shah"]


def test_the_same_directorate_does_not_decide_twice(waiting, dana, desmond, as_person):
    approve(waiting, dana)
    for person in (dana, desmond):
        with pytest.raises(Stale, match="approved for Neighbourhoods by Dana Okafor"):
            approve(waiting, person)
        answer = as_person(person).post(decide(waiting), approval(waiting))
        assert answer.status_code == 409
        page = as_person(person).get(decide(waiting)).content.decode()
        assert "There is nothing left for you to decide" in page
        assert "Approve this KPI set" not in page
    assert Decision.objects.count() == 1


def test_either_directorate_returns_it_also_after_the_other_approved(waiting, dana, olga, priya):
    approve(waiting, dana)
    back = verbs.send_back(waiting, by=olga, content_hash=waiting.content_hash, reasons={1: "Too low"})
    assert back.status == "returned"
    assert "Dana Okafor" in letters("set-returned")
    sent = proposals.submit(back, by=priya)
    # What was approved of the earlier submission counts for nothing.
    assert {one.person for one in deciders_of(sent)} >= {dana, olga}
    approve(sent, dana)
    assert KPISet.objects.get().status == "submitted"
    assert approve(sent, olga).status == "approved"


def test_whoever_decides_for_both_decides_once_for_both(waiting, dana, della, olga, adults):
    Delegation.objects.create(
        given_by=olga, given_to=della, directorate=adults, scheme_reference="5.1", starts_on=LONG_AGO
    )
    della = Person.objects.get(pk=della.pk)
    assert len(may_decide(della, waiting).seats) == 2
    assert approve(waiting, della).status == "approved"
    assert Decision.objects.count() == 2
    assert letters("set-approved-in-your-name") == ["Dana Okafor", "Olga Brandt"]


def test_a_holder_of_a_post_decides_by_it_in_the_words_of_that_day(
    highways, priya, dana, nadia, neighbourhoods
):
    post = Post.objects.create(title="Head of Parks", directorate=neighbourhoods)
    PostHolding.objects.create(post=post, person=nadia, starts_on=LONG_AGO)
    Delegation.objects.create(
        given_by=dana, post=post, directorate=neighbourhoods, scheme_reference="scheme 4.2",
        starts_on=dt.date(2026, 5, 3), value_limit=5_000_000,
    )  # fmt: skip
    sent = send(highways, priya)
    assert waiting_with(sent) == (
        "with Dana Okafor (Strategic Director) or Nadia Cole (Head of Parks, for Dana Okafor)"
    )
    approve(sent, nadia)
    decision = Decision.objects.get()
    words = (
        "For Dana Okafor, Strategic Director, Neighbourhoods, as Head of Parks, under the delegation of "
        "3 May 2026, scheme 4.2, contracts up to £5,000,000"
    )
    assert decision.authority == words
    PostHolding.objects.all().delete()
    dana.full_name = "Dana Else"
    dana.save()
    decision.refresh_from_db()
    assert decision.authority == words


def test_a_question_without_an_answer_holds_approval_back_but_not_the_return(waiting, dana, lena):
    Challenge.objects.create(
        kpi_set=waiting, submission=waiting.submissions.get(), comment="Why 12?", asked_by=lena
    )
    with pytest.raises(Invalid, match="1 question of the social value group still waits for an answer"):
        approve(waiting, dana)
    verbs.approve(
        waiting, by=dana, content_hash=waiting.content_hash, override_reason="The tender closes today"
    )
    assert Decision.objects.get().override_reason == "The tender closes today"
    row = HistoryRow.objects.filter(action="approvals.approve").get()
    assert "The tender closes today" in row.after.values()


def test_a_question_is_answered_or_overridden_on_the_page(waiting, dana, lena, as_person):
    Challenge.objects.create(
        kpi_set=waiting, submission=waiting.submissions.get(), comment="Why 12?", asked_by=lena
    )
    client = as_person(dana)
    page = client.post(decide(waiting), approval(waiting)).content.decode()
    assert "say why you approve without it" in page
    answer = client.post(
        decide(waiting), approval(waiting, **{"approve-override_reason": "The tender closes today"})
    )
    assert answer.status_code == 302
    assert Decision.objects.get().override_reason == "The tender closes today"


def test_a_partner_that_leaves_lets_the_set_take_effect(waiting, dana, joint):
    approve(waiting, dana)
    joint.partner_directorates.clear()
    assert waiting_with(KPISet.objects.get()).startswith("to take effect; approved by Dana Okafor")
    routing.ask_who_can_decide_now()
    done = KPISet.objects.get()
    assert done.status == "approved"
    row = HistoryRow.objects.filter(action="approvals.approve").order_by("-pk").first()
    assert (row.actor, row.summary.startswith("Every directorate of the contract had approved")) == (
        None,
        True,
    )


def test_a_decision_is_never_before_its_submission_when_the_clock_goes_back(highways, priya, dana):
    with freeze_time("2026-06-10 10:00"):
        sent = send(highways, priya)
    with freeze_time("2026-06-08 10:00"):
        assert since(sent) == "10 June 2026"
        assert working_days_between(dt.date(2026, 6, 10), dt.date(2026, 6, 8)) == -2
        back = verbs.send_back(sent, by=dana, content_hash=sent.content_hash, reasons={1: "Too low"})
    assert back.decided_at == sent.submitted_at
    with freeze_time("2026-06-05 10:00"):
        again = proposals.submit(back, by=priya)
        done = approve(again, dana)
        assert done.effective_month == dt.date(2026, 6, 1)
        with pytest.raises(Stale, match="Dana Okafor approved KPI set 1 on"):
            approve(again, dana)


def test_outsiders_of_both_directorates_are_refused_by_hand_made_posts(waiting, cast, as_person):
    may = {"dana", "desmond", "della", "olga"}
    for name, person in cast.items():
        if name not in may:
            with pytest.raises(Refused):
                approve(waiting, person)
            client = as_person(person)
            assert client.post(decide(waiting), approval(waiting)).status_code in {403, 404}
            together = {"set": [waiting.pk], f"hash_{waiting.pk}": waiting.content_hash, "note": ""}
            page = client.post("/approvals/check/", together, follow=True).content.decode()
            assert "Not approved" in page
            ask = f"{waiting.get_absolute_url()}ask-again/"
            assert client.post(ask).status_code == (302 if name == "lena" else client.post(ask).status_code)
    assert not Decision.objects.exists()


def test_who_decides_costs_the_same_for_one_set_and_for_twenty(
    waiting, priya, neighbourhoods, adults, django_assert_num_queries
):
    from conftest import make_contract

    def everything():
        sets = KPISet.objects.pending().select_related("contract").prefetch_related("editors")
        return seats_of_many(list(sets))

    with django_assert_num_queries(7):
        everything()
    for number in range(19):
        contract = make_contract(f"Contract {number}", neighbourhoods, manager=priya)
        contract.partner_directorates.add(adults)
        send(contract, priya)
    with django_assert_num_queries(7):
        assert len(everything()) == 20
    assert Contract.objects.count() == 20
