"""Approving what is one's own, without authority, or something else than was read: by hand-made requests."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.calendar import today
from accounts.models import Appointment, Delegation, HistoryRow, Person, Post, PostHolding, Role
from conftest import LONG_AGO
from kpis.approvals import challenges
from kpis.library.models import Measure, Unit
from kpis.library.own_words import write_own
from kpis.models import Decision, KPISet
from kpis.proposals import verbs as proposals
from kpis.proposals.copying import start_copy
from socialvalue.tests.access import ACTS, PAGES, allowed_and_refused
from socialvalue.tests.addresses import address
from socialvalue.tests.test_attacks import decide
from socialvalue.tests.whole_forms import day, forms_of_approvals
from socialvalue.tests.world import propose, send, world  # noqa: F401 (a fixture)

DAY = dt.timedelta(days=1)
THIS = today().replace(day=1)
# Read by everybody who works on the set; sent by some of them.
SENT_BY = {"kpis:kpi-set-decide": "dana desmond della"}


def again(person):
    """Return the person as they are now, what they hold read anew."""
    return Person.objects.get(pk=person.pk)


def delegate(giver, to=None, post=None, **facts):
    """Return a delegation in force, of the director's directorate unless another is said."""
    if "directorate" not in facts:
        facts["directorate_id"] = min(giver.authority.directs)
    return Delegation.objects.create(
        given_by=giver, given_to=to, post=post, scheme_reference="4.3", starts_on=LONG_AGO, **facts
    )


def bulk(client, person, *quoted):
    """Return what came of each set approved together: True where it was."""
    client.force_login(again(person))
    body = {"set": [str(one.pk) for one, _ in quoted], "note": ""}
    body |= {f"hash_{one.pk}": content_hash for one, content_hash in quoted}
    client.post(reverse("kpis:approval-check"), body)
    return [one["approved"] for one in client.session["approved-together"]]


def refused_every_way(client, kpi_set, *people):
    """Hold that none of them approves or returns the set, by its page or from the list."""
    for person in people:
        assert decide(client, kpi_set, person) in {403, 404}, person
        back = {"return-content_hash": kpi_set.content_hash, "return-reason_1": "x", "return-note": "x"}
        assert decide(client, kpi_set, person, decision="return", **back) in {403, 404}, person
        assert bulk(client, person, (kpi_set, kpi_set.content_hash)) == [False], person
    kpi_set.refresh_from_db()
    assert kpi_set.status == "submitted"
    assert not Decision.objects.filter(submission__kpi_set=kpi_set).exists()


@pytest.mark.walk
def test_whole_and_valid_forms_of_the_wrong_people_decide_and_delegate_nothing(client, world):  # noqa: F811
    wrong = {}
    for name, body in forms_of_approvals(world).items():
        allowed, _ = allowed_and_refused({**PAGES, **ACTS}[name], world.cast)
        allowed = SENT_BY[name].split() if name in SENT_BY else allowed
        path = address(name, world)
        for who, person in world.cast.items():
            if who in allowed:
                continue
            client.force_login(person)
            before = HistoryRow.objects.count()
            status = client.post(path, body).status_code
            if status not in {403, 404} or HistoryRow.objects.count() != before:
                wrong[name, who] = status
    assert wrong == {}


def test_no_form_of_approvals_is_taken_from_another_site_or_from_nobody(world):  # noqa: F811
    outside, inside = Client(), Client(enforce_csrf_checks=True)
    inside.force_login(world.who.dana)
    before, wrong = HistoryRow.objects.count(), {}
    forms = {**forms_of_approvals(world), "kpis:approval-check": {"set": world.pending.pk}}
    for name, body in forms.items():
        path = address(name, world)
        away = outside.post(path, body)
        if away.status_code != 302 or "/account/login/" not in away["Location"]:
            wrong[name] = away.status_code
        if inside.post(path, body).status_code != 403:
            wrong[name, "csrf"] = True
    assert wrong == {}
    assert HistoryRow.objects.count() == before


def _begun_from_another(w, by):
    begun = start_copy(w.bare, w.in_force, by=by)
    proposals.describe(begun, by=w.who.colin, effective_month=THIS, why="Alike.")
    return begun


def _own_words(w, by, client):
    client.force_login(again(by))
    client.post(address("kpis:kpi-add-own", w), forms_of_approvals(w)["kpis:kpi-add-own"])
    proposals.add_kpi(
        w.draft, by=w.who.colin, measure=Measure.objects.get(title="Benches mended"), target=Decimal(3)
    )
    return w.draft


def _answered(w, by):
    challenges.answer(w.question_asked, by=by, answer="All of them.")
    return w.question_asked.kpi_set


HANDS = {
    "changed it": lambda w, by, client: proposals.describe(w.draft, by=by, why="Mine."),
    "took a KPI out of the last": lambda w, by, client: proposals.start_set(w.highways, by=by),
    "copied it from another contract": lambda w, by, client: _begun_from_another(w, by),
    "wrote a measure for it": _own_words,
    "said why there are no KPIs": lambda w, by, client: proposals.propose_exception(
        w.bare, by=by, reason="small", why="Twice a year.", effective_month=THIS,
        review_on=today() + 200 * DAY,
    ),
    "changed why there are none": lambda w, by, client: proposals.change_exception(
        w.exception, by=by, reason="small", why="Less.", effective_month=THIS, review_on=today() + 99 * DAY
    ),
    "answered for it": lambda w, by, client: _answered(w, by),
}  # fmt: skip


@pytest.mark.parametrize("hand", HANDS)
def test_whoever_had_a_hand_in_it_decides_it_by_no_way(hand, client, world):  # noqa: F811
    """A director who also commissions: not in their own right, nor by those they delegated it to."""
    w, dana = world.who, world.who.dana
    Appointment.objects.create(
        person=dana, role=Role.COMMISSIONER, directorate=world.directorate, starts_on=LONG_AGO
    )
    post = Post.objects.create(title="Head of Streets", directorate=world.directorate)
    PostHolding.objects.create(post=post, person=w.sami, starts_on=LONG_AGO)
    delegate(dana, post=post)
    handed = delegate(w.della, w.nadia, under=Delegation.objects.get(given_to=w.della),
                      directorate=world.directorate)  # fmt: skip
    kpi_set = KPISet.objects.get(pk=HANDS[hand](world, again(dana), client).pk)
    if kpi_set.status != "submitted":
        kpi_set = send(kpi_set, w.colin)
    assert handed.holds()
    refused_every_way(client, kpi_set, dana, w.della, w.nadia, w.sami)
    assert decide(client, kpi_set, w.desmond) == 302


def test_who_handed_a_delegation_on_does_not_decide_through_whom_they_gave_it_to(client, world):  # noqa: F811
    w = world.who
    Appointment.objects.create(
        person=w.della, role=Role.COMMISSIONER, directorate=world.directorate, starts_on=LONG_AGO
    )
    delegate(w.della, w.nadia, under=Delegation.objects.get(given_to=w.della), directorate=world.directorate)
    mine = send(propose(world.bare, again(w.della), ("SV-25", "4"), from_month=THIS), again(w.della))
    refused_every_way(client, mine, w.della, w.nadia)
    assert decide(client, mine, w.dana) == 302


def test_a_proposer_who_directs_the_partner_decides_for_neither(client, world, adults):  # noqa: F811
    w, olga = world.who, world.who.olga
    world.bare.partner_directorates.add(adults)
    Appointment.objects.create(
        person=olga, role=Role.COMMISSIONER, directorate=world.directorate, starts_on=LONG_AGO
    )
    delegate(olga, w.nadia, directorate=adults)
    joint = send(propose(world.bare, again(olga), ("SV-25", "4"), from_month=THIS), again(olga))
    refused_every_way(client, joint, olga, w.nadia)
    # What a hand-made form says of directorates counts for nothing: Dana approves for her own only.
    assert decide(client, joint, w.dana, directorate=adults.pk, seats=f"{adults.pk}") == 302
    assert [one.directorate for one in Decision.objects.filter(submission__kpi_set=joint)] == [
        world.directorate
    ]
    joint.refresh_from_db()
    assert joint.status == "submitted"
    assert bulk(client, w.dana, (joint, joint.content_hash)) == [True]
    joint.refresh_from_db()
    assert (joint.status, joint.submissions.get().decisions.count()) == ("submitted", 1)


WITHOUT = {
    "revoked": lambda w, given: Delegation.objects.filter(pk=given.pk).update(
        revoked_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    ),
    "lapsed": lambda w, given: Delegation.objects.filter(pk=given.pk).update(ends_on=today() - DAY),
    "ahead": lambda w, given: Delegation.objects.filter(pk=given.pk).update(starts_on=today() + DAY),
    "too small": lambda w, given: Delegation.objects.filter(pk=given.pk).update(value_limit=Decimal(100)),
    "of an unknown value": lambda w, given: type(w.parks).objects.filter(pk=w.parks.pk).update(value=None),
    "of a vacant post": lambda w, given: given.post.holdings.update(ends_on=today() - DAY),
    "of a post for later": lambda w, given: given.post.holdings.update(starts_on=today() + DAY),
    "of a giver who left": lambda w, given: Person.objects.filter(pk=given.given_by_id).update(
        is_active=False
    ),
    "of a giver who directs no more": lambda w, given: Appointment.objects.filter(
        person=given.given_by_id
    ).update(ends_on=today() - DAY),
    "of another directorate": lambda w, given: Delegation.objects.filter(pk=given.pk).update(
        directorate=w.home_care.directorate_id
    ),
}


@pytest.mark.parametrize("why", WITHOUT)
def test_nobody_decides_by_a_delegation_that_does_not_hold(why, client, world):  # noqa: F811
    w = world.who
    post = Post.objects.create(title="Head of Streets", directorate=world.directorate)
    PostHolding.objects.create(post=post, person=w.nadia, starts_on=LONG_AGO)
    given = delegate(w.dana, post=post, value_limit=Decimal(5_000_000))
    client.force_login(again(w.nadia))
    assert b"Approve this KPI set" in client.get(address("kpis:kpi-set-decide", world)).content
    WITHOUT[why](world, given)
    refused_every_way(client, world.pending, w.nadia)


def test_what_was_handed_on_falls_with_whatever_it_came_from(client, world, settings):  # noqa: F811
    w = world.who
    parent = Delegation.objects.get(given_to=w.della)
    delegate(w.della, w.nadia, under=parent, directorate=world.directorate)
    for facts in ({"revoked_at": dt.datetime(2024, 1, 1, tzinfo=dt.UTC)}, {"ends_on": today() - DAY},
                  {"starts_on": today() + DAY}, {"value_limit": Decimal(100)}):  # fmt: skip
        was = {name: getattr(parent, name) for name in facts}
        Delegation.objects.filter(pk=parent.pk).update(**facts)
        refused_every_way(client, world.pending, w.nadia)
        Delegation.objects.filter(pk=parent.pk).update(**was)
    Person.objects.filter(pk=w.della.pk).update(is_active=False)
    refused_every_way(client, world.pending, w.nadia)
    Person.objects.filter(pk=w.della.pk).update(is_active=True)
    settings.ONWARD_DELEGATION = False
    refused_every_way(client, world.pending, w.nadia)
    settings.ONWARD_DELEGATION = True
    assert decide(client, world.pending, w.nadia) == 302


def test_nobody_hands_on_more_than_they_hold(client, world, settings):  # noqa: F811
    """Not above its limit, outside its dates, for another directorate, back to the giver or a second time."""
    w = world.who
    Delegation.objects.update(ends_on=today() + 30 * DAY)
    whole = forms_of_approvals(world)["accounts:delegation-hand-on"] | day("ends_on", today() + 9 * DAY)
    path = address("accounts:delegation-hand-on", world)
    post = Post.objects.create(title="Chief", directorate=world.directorate)
    PostHolding.objects.create(post=post, person=w.dana, starts_on=LONG_AGO)
    client.force_login(w.della)
    for more in (
        {"value_limit": 5_000_001},
        {"value_limit": ""},
        day("ends_on", today() + 31 * DAY),
        {"ends_on_0": "", "ends_on_1": "", "ends_on_2": ""},
        day("starts_on", LONG_AGO - DAY),
        {"given_to": w.dana.pk},
        {"given_to": w.della.pk},
        {"holder": "post", "post": post.pk},
    ):
        page = client.post(path, {**whole, **more})
        assert page.status_code == 200, more
        page = client.post(path, {**whole, **more, "although": page.context["seal"]})
        assert page.status_code == 200, more
    assert Delegation.objects.count() == 1
    settings.ONWARD_DELEGATION = False
    assert client.post(path, whole).status_code == 403
    settings.ONWARD_DELEGATION = True
    page = client.post(path, {**whole, "directorate": world.home_care.directorate_id})
    if page.status_code == 200:
        page = client.post(path, {**whole, "although": page.context["seal"]})
    assert page.status_code == 302
    given = Delegation.objects.get(given_to=w.nadia)
    assert given.directorate == world.directorate
    client.force_login(again(w.nadia))
    for parent in (given, Delegation.objects.get(given_to=w.della)):
        further = reverse("accounts:delegation-hand-on", args=[parent.pk])
        assert client.post(further, {**whole, "given_to": w.otto.pk}).status_code == 403
    assert Delegation.objects.count() == 2


def test_a_director_delegates_no_other_directorate(client, world):  # noqa: F811
    form = forms_of_approvals(world)["accounts:delegation-give"]
    client.force_login(world.who.olga)
    page = client.post(address("accounts:delegation-give", world), form)
    assert page.context["form"].errors["directorate"]
    assert Delegation.objects.count() == 1


def test_a_decision_holds_for_nothing_but_what_was_read(client, world):  # noqa: F811
    """Another set's hash, that of an older submission, swapped ones, and KPIs that are not of the set."""
    w = world.who
    other = send(world.draft, w.colin)
    for wrong in (other.content_hash, "", "0" * 64, world.in_force.content_hash):
        sent = {"approve-content_hash": wrong}
        assert decide(client, world.pending, w.dana, **sent) in {200, 409}
        assert bulk(client, w.dana, (world.pending, wrong)) == [False]
    assert bulk(client, w.dana, (world.pending, other.content_hash), (other, world.pending.content_hash)) == [
        False, False
    ]  # fmt: skip
    older = world.pending.content_hash
    proposals.take_back(world.pending, by=w.colin)
    proposals.describe(world.pending, by=w.colin, why="Other reasons.")
    newer = send(world.pending, w.colin)
    assert newer.content_hash != older
    assert decide(client, newer, w.dana, **{"approve-content_hash": older}) == 409
    assert bulk(client, w.dana, (newer, older)) == [False]
    back = {"decision": "return", "return-content_hash": newer.content_hash}
    assert decide(client, newer, w.dana, **back, **{"return-reason_7": "x", "return-reason_-1": "x"}) == 200
    assert not Decision.objects.filter(submission__kpi_set__in=[newer, other]).exists()


def test_a_set_is_decided_under_its_own_contract_only(client, world):  # noqa: F811
    """A contract's number before another's set, question or submission leads nowhere."""
    w = world
    asked = w.question_asked
    foreign = [
        reverse("kpis:kpi-set-decide", args=[w.parks.pk, w.pending.number + 7]),
        reverse("kpis:kpi-set-decide", args=[w.home_care.pk, w.pending.number]),
        reverse("kpis:challenge-answer", args=[w.parks.pk, w.pending.number, asked.pk]),
        reverse("kpis:challenge-withdraw", args=[w.parks.pk, w.pending.number, asked.pk]),
        reverse("kpis:submission-record", args=[w.parks.pk, w.pending.number, 2]),
        reverse("kpis:kpi-set-record", args=[w.parks.pk, w.pending.number]),
        reverse("kpis:adoption-line-page", args=[w.adoption_part.pk + 1, w.adoption_line.pk]),
        reverse("kpis:adoption-line-page", args=[w.adoption_part.pk, w.adoption_line.pk + 1]),
    ]
    body = {**forms_of_approvals(w)["kpis:kpi-set-decide"], "answer": "x", "reason": "x"}
    before = HistoryRow.objects.count()
    for who in ("lena", "dana", "colin"):
        client.force_login(w.cast[who])
        for path in foreign:
            assert client.get(path).status_code in {403, 404}, (who, path)
            assert client.post(path, body).status_code in {403, 404, 405}, (who, path)
    assert HistoryRow.objects.count() == before


def test_a_question_is_about_a_kpi_of_the_set_and_of_what_was_read(client, world):  # noqa: F811
    client.force_login(world.who.lena)
    path, form = address("kpis:challenge-ask", world), forms_of_approvals(world)["kpis:challenge-ask"]
    for about in (world.in_force.terms.first().kpi_id, "9" * 30, "-1", "null"):
        assert client.post(path, {**form, "about": about}).context["form"].errors["about"]
    assert client.post(path, {**form, "content_hash": world.in_force.content_hash}).status_code == 409
    assert world.pending.challenges.count() == 0


def test_who_decides_or_proposes_makes_away_with_no_question_of_anothers(client, world):  # noqa: F811
    """A director, or a commissioner, who is a social value lead as well: they answer, or say why not."""
    w = world.who
    for person in (w.dana, w.colin):
        Appointment.objects.create(person=person, role=Role.LEAD, starts_on=LONG_AGO)
        client.force_login(again(person))
        page = client.get(world.question_asked.kpi_set.get_absolute_url())
        assert address("kpis:challenge-withdraw", world) not in page.content.decode()
        assert client.post(address("kpis:challenge-withdraw", world), {"note": "x"}).status_code == 403
    assert decide(client, world.question_asked.kpi_set, w.dana) == 200
    assert world.question_asked.kpi_set.challenges.unanswered().count() == 1


def test_what_others_changed_or_sent_meanwhile_is_not_written_over(client, world):  # noqa: F811
    forms = forms_of_approvals(world)
    client.force_login(world.who.colin)
    before = HistoryRow.objects.count()
    for name in ("kpis:exception-edit", "kpis:kpi-set-submit"):
        assert client.post(address(name, world), {**forms[name], "version": 999}).status_code == 409, name
    assert HistoryRow.objects.count() == before
    send(world.draft, world.who.colin)
    own = client.post(address("kpis:kpi-add-own", world), forms["kpis:kpi-add-own"])
    assert own.status_code == 409
    assert not Measure.objects.filter(title="Benches mended").exists()


def test_no_measure_of_another_contracts_words_comes_into_a_set(client, world):  # noqa: F811
    """Neither of a contract one may not see, nor of one's own other contract."""
    w = world
    wording = forms_of_approvals(w)["kpis:kpi-add-own"]
    facts = {name: wording[name] for name in ("title", "counting_rule", "evidence_expected")}
    unit = Unit.objects.get(pk=wording["unit"])
    theirs = write_own(w.home_care, by=w.who.oscar, unit=unit, **facts)
    ours = write_own(w.parks, by=w.who.colin, unit=unit, **facts)
    body = {"version": w.draft.version, "target": 1, "ends_month_0": 3, "ends_month_1": 2029}
    client.force_login(w.who.colin)
    for measure, expected in ((theirs, 404), (ours, 200)):
        path = reverse("kpis:kpi-add-measure", args=[w.waste.pk, w.draft.number, measure.pk])
        assert client.post(path, body).status_code == expected
        assert client.post(path, {**body, "title": "x"}).status_code == expected
    assert not w.draft.terms.filter(kpi__measure__in=[theirs, ours]).exists()


def test_sending_a_form_of_approvals_twice_does_it_once(client, world):  # noqa: F811
    forms, w = forms_of_approvals(world), world.who
    for name, who in (
        ("kpis:kpi-set-decide", w.dana), ("kpis:challenge-answer", w.colin), ("kpis:kpi-set-submit", w.colin),
        ("kpis:exception-edit", w.colin), ("kpis:exception-start", w.colin),
        ("kpis:challenge-withdraw", w.lena), ("accounts:post-holding-end", w.adam),
    ):  # fmt: skip
        client.force_login(who)
        first = client.post(address(name, world), forms[name]).status_code
        assert first in {302, 409}, name
        before = HistoryRow.objects.count()
        assert client.post(address(name, world), forms[name]).status_code in {200, 302, 409}, name
        assert HistoryRow.objects.count() == before, name
    assert Decision.objects.filter(submission__kpi_set=world.pending).count() == 1


def test_nonsense_picked_from_the_list_decides_nothing(client, world):  # noqa: F811
    client.force_login(world.who.dana)
    for nonsense in ("9" * 30, "-1", "²", "\x00", "1e3", ""):
        body = {"set": [nonsense, world.home_care.pk], f"hash_{nonsense}": "x"}
        assert client.post(reverse("kpis:approval-check"), body).status_code in {200, 302}
        assert client.get(reverse("kpis:approval-check"), {"set": nonsense}).status_code == 200
    assert client.get(reverse("kpis:approval-results")).status_code == 200
    assert not Decision.objects.filter(submission__kpi_set=world.pending).exists()
