"""What is proposed, asked, returned or half approved, and what came in as signed, told to the wrong."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.calendar import today
from accounts.models import Appointment, Delegation, HistoryRow, Letter, Person, Post, PostHolding, Role
from accounts.verbs.recipe import Refused
from conftest import LONG_AGO, make_contract
from kpis.adoption import confirming
from kpis.adoption import verbs as adoption
from kpis.adoption.models import AdoptionPart
from kpis.approvals import challenges, routing
from kpis.approvals import verbs as approvals
from kpis.library.models import Cohort
from kpis.models import KPISet
from kpis.proposals import verbs as proposals
from kpis.proposals.copying import plan
from kpis.proposals.models import KPITerms
from socialvalue.tests.addresses import address
from socialvalue.tests.test_attacks import decide
from socialvalue.tests.world import SIGNED, approve, propose, send, world  # noqa: F401 (a fixture)

DAY = dt.timedelta(days=1)
THIS = today().replace(day=1)
MEMBERS = ("ewa", "sami")
SECRET = "Whispered-reason"


def again(person):
    """Return the person as they are now, what they hold read anew."""
    return Person.objects.get(pk=person.pk)


def told(client, person, *paths):
    """Return everything these addresses show the person, those that are not there left out."""
    client.force_login(again(person))
    found = []
    for path in paths:
        page = client.get(path)
        assert page.status_code in {200, 403, 404, 409}, path
        if page.status_code == 200:
            body = b"".join(page.streaming_content) if page.streaming else page.content
            found.append(body.decode("utf-8", "replace"))
    return "\n".join(found)


def everything_about(kpi_set):
    """Return every address that could tell of a set, its contract's own and the lists."""
    args = [kpi_set.contract_id, kpi_set.number]
    lists = [f"kpis:{name}" for name in ("approval-list", "approval-log", "exception-list", "gap-register")]
    return [
        *(reverse(name) for name in ("reporting:home", *lists)),
        reverse("kpis:approval-log") + "?format=csv",
        reverse("kpis:exception-list") + "?format=csv",
        reverse("kpis:approval-log") + f"?contract={kpi_set.contract_id}",
        reverse("reporting:contract-page", args=args[:1]),
        reverse("reporting:contract-history", args=args[:1]),
        *(reverse(f"kpis:kpi-set-{page}", args=args) for page in ("page", "decide", "record", "check")),
        reverse("kpis:submission-record", args=[*args, 1]),
        reverse("kpis:approval-check") + f"?set={kpi_set.pk}",
        reverse("reporting:search") + "?q=Whispered",
    ]


def _waits(w):
    proposals.take_back(w.pending, by=w.who.colin)
    proposals.describe(w.pending, by=w.who.colin, why=SECRET)
    return send(w.pending, w.who.colin)


def _is_returned(w):
    return approvals.send_back(
        w.pending, by=w.who.dana, content_hash=w.pending.content_hash, reasons={1: SECRET}, note=SECRET
    )


def _is_half_approved(w):
    w.parks.partner_directorates.add(w.home_care.directorate)
    note = {"note": SECRET, "content_hash": w.pending.content_hash}
    return approvals.approve(w.pending, by=again(w.who.dana), **note)


def _is_asked_about(w):
    challenges.challenge(w.pending, by=w.who.lena, comment=SECRET)
    return w.pending


def _is_an_exception(w):
    proposals.change_exception(
        w.exception, by=w.who.colin, reason="small", why=SECRET, effective_month=THIS,
        review_on=today() + 99 * DAY,
    )  # fmt: skip
    return send(w.exception, w.who.colin)


@pytest.mark.parametrize(
    "state", [_waits, _is_returned, _is_half_approved, _is_asked_about, _is_an_exception]
)
def test_members_read_nothing_of_what_is_not_approved(state, client, world):  # noqa: F811
    kpi_set = state(world)
    own = kpi_set.get_absolute_url()
    for who in MEMBERS:
        said = told(client, world.cast[who], *everything_about(kpi_set))
        for words in (SECRET, own, "still to decide", f"Approved {kpi_set} for"):
            assert words not in said, (who, words)
    assert SECRET in told(client, world.who.dana, *everything_about(kpi_set))


def test_a_partial_approval_is_told_to_members_with_the_whole_one(client, world):  # noqa: F811
    """Of what was then returned nothing is told, also once a later submission is approved by all."""
    w, both = world.who, world.home_care.directorate
    half = _is_half_approved(world)
    history = reverse("reporting:contract-history", args=[world.parks.pk])
    back = {"content_hash": half.content_hash, "reasons": {1: SECRET}}
    approvals.send_back(half, by=again(w.olga), **back)
    newer = send(half, w.colin)
    approvals.approve(newer, by=again(w.dana), content_hash=newer.content_hash)
    for who in MEMBERS:
        assert "Approved KPI set" not in told(client, world.cast[who], history)
    assert "still to decide" in told(client, w.olga, history)
    approve(newer, again(w.olga))
    for who in MEMBERS:
        said = told(client, world.cast[who], history)
        assert said.count(f"; {both} still to decide") == 1
        assert "in force from" in said
        assert SECRET not in said


def test_a_reason_for_not_waiting_and_the_question_stay_with_those_at_work(client, world):  # noqa: F811
    asked = world.question_asked.kpi_set
    done = approvals.approve(
        asked, by=world.who.dana, content_hash=asked.content_hash, override_reason=SECRET
    )
    for who in MEMBERS:
        said = told(client, world.cast[who], *everything_about(done))
        assert SECRET not in said
        assert "Which schools?" not in said
        assert "Approval record" in said
    for who in ("dana", "colin", "lena"):
        assert SECRET in told(client, world.cast[who], *everything_about(done)), who


def test_earlier_submissions_of_an_approved_set_stay_with_those_at_work(client, world):  # noqa: F811
    back = _is_returned(world)
    done = approve(send(back, world.who.colin), again(world.who.dana))
    for who in MEMBERS:
        assert SECRET not in told(client, world.cast[who], *everything_about(done))
        client.force_login(world.cast[who])
        path = reverse("kpis:submission-record", args=[done.contract_id, done.number, 1])
        assert client.get(path).status_code == 404


def test_nothing_of_another_directorate_is_told(client, world):  # noqa: F811
    """Neither on lists, in files, nor through a filter one makes up."""
    made_up = [
        reverse("kpis:approval-log") + f"?directorate={world.directorate.pk}&format=xlsx",
        reverse("kpis:approval-list") + f"?directorate={world.directorate.pk}",
        reverse("kpis:approval-log") + "?q=Grounds",
    ]
    for state in (_waits, _is_an_exception):
        kpi_set = state(world)
        for who in ("oscar", "olga", "otto", "nadia"):
            said = told(client, world.cast[who], *made_up, *everything_about(kpi_set))
            for words in (SECRET, "Grounds maintenance", "Bus shelters", kpi_set.get_absolute_url()):
                assert words not in said, (who, words)


def test_a_source_one_may_not_see_is_neither_listed_nor_copied(client, world):  # noqa: F811
    w = world.who
    theirs = approve(
        send(propose(world.home_care, w.oscar, ("SV-25", "4"), from_month=THIS), w.oscar), w.olga
    )
    client.force_login(w.colin)
    listed = client.get(address("kpis:kpi-set-copy", world) + "?q=care")
    assert b"Home care" not in listed.content
    path = reverse("kpis:kpi-set-copy-from", args=[world.bare.pk, world.home_care.pk])
    assert client.get(path).status_code == 404
    assert client.post(path, {"source": theirs.pk}).status_code == 404
    # What is not approved is no source, also of one's own contract.
    path = reverse("kpis:kpi-set-copy-from", args=[world.bare.pk, world.parks.pk])
    assert client.post(path).status_code == 404
    assert not world.bare.kpi_sets.exists()


def test_a_target_about_a_group_of_people_comes_to_no_stranger_by_copying(client, world, adults):  # noqa: F811
    """A partner's commissioner sees the contract, but is not close to it."""
    w = world.who
    world.highways.partner_directorates.add(adults)
    terms = world.in_force.terms.get(kpi__measure__code="SV-03")
    guarded = terms.cohort_id or terms.kpi.measure.cohort_id
    if not guarded:
        KPITerms.objects.filter(pk=terms.pk).update(cohort=Cohort.objects.first())
    title = "Seventeen-care-leavers"
    KPITerms.objects.filter(pk=terms.pk).update(title=title)
    mine = make_contract("Day centres", adults, commissioner=w.oscar)
    copy = plan(mine, world.in_force, by=again(w.oscar))
    assert terms.kpi.measure_id not in [line.measure.pk for line in copy.lines]
    path = reverse("kpis:kpi-set-copy-from", args=[mine.pk, world.highways.pk])
    client.force_login(again(w.oscar))
    assert title.encode() not in client.get(path).content
    assert client.post(path).status_code == 302
    held = KPISet.objects.get(contract=mine).terms.values_list("kpi__measure__code", flat=True)
    assert list(held) == ["SV-09"]


def adopt(w, by, applied_by=None, set_up_by=None):
    """Return a contract, and the part of a small batch that brought its KPIs in."""
    contract = make_contract("Signs", w.directorate, reference="NB-78", manager=w.who.priya)
    started = adoption.start(SimpleUploadedFile("s.csv", SIGNED % (b"NB-78", b"")), by=by, name="s.csv")
    if set_up_by:
        started = adoption.set_columns(started, by=set_up_by, columns=started.columns)
    started = adoption.begin_applying(adoption.begin_checking(started, by=by), by=applied_by or by)
    adoption.carry_on(started.pk)
    part = AdoptionPart.objects.get(adoption_import=started)
    return contract, part


def posted(client, part, person, page="confirm", **more):
    """Return the status of a decision about a part."""
    client.force_login(again(person))
    body = {"content_hash": part.content_hash, "left_out": 0, "reason": "x", **more}
    return client.post(reverse(f"kpis:adoption-part-{page}", args=[part.pk]), body).status_code


@pytest.mark.parametrize("hand", ["uploaded it", "said how it is read", "applied it"])
def test_who_brought_a_batch_in_confirms_none_of_it_nor_do_their_delegates(hand, client, world):  # noqa: F811
    """A director who is a social value lead as well, whatever they did with the workbook."""
    w, dana = world.who, world.who.dana
    Appointment.objects.create(person=dana, role=Role.LEAD, starts_on=LONG_AGO)
    dana = again(dana)
    contract, part = adopt(
        world,
        dana if hand == "uploaded it" else w.lena,
        dana if hand == "applied it" else None,
        dana if hand == "said how it is read" else None,
    )
    line = part.lines.get()
    leave = reverse("kpis:adoption-line-page", args=[part.pk, line.pk])
    for person in (dana, w.della):
        assert posted(client, part, person) == 403
        assert posted(client, part, person, "return") == 403
        assert client.post(leave, {"reason": "x"}).status_code == 403
        assert decide(client, line.kpi_set, person) == 403
    line.refresh_from_db()
    assert (line.leave_reason, contract.kpi_sets.get().status) == ("", "submitted")
    assert posted(client, part, w.desmond) == 302
    assert contract.kpi_sets.get().status == "approved"


def test_a_batch_is_decided_by_nothing_but_what_was_read(client, world):  # noqa: F811
    _, other = adopt(world, world.who.lena)
    for wrong in ({"content_hash": "0" * 64}, {"content_hash": world.adoption_part.content_hash},
                  {"left_out": 1}):  # fmt: skip
        assert posted(client, other, world.who.dana, **wrong) == 409
    assert other.lines.get().kpi_set.status == "submitted"


@pytest.mark.parametrize("whole", [True, False])
def test_a_batch_is_carried_out_no_further_than_the_authority_lasts(whole, world):  # noqa: F811
    """A delegation that ends while it is at work: what is left waits for somebody else."""
    w = world.who
    contract, part = adopt(world, w.lena)
    della = again(w.della)
    if whole:
        confirming.give_back(part, by=della, content_hash=part.content_hash, reason="Not ours")
    else:
        confirming.confirm(part, by=della, content_hash=part.content_hash)
    at_work = confirming._Confirmer(AdoptionPart.objects.get(pk=part.pk))
    assert at_work.by.authority.delegations
    Delegation.objects.update(revoked_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC))
    at_work.apply(list(part.lines.all()))
    assert contract.kpi_sets.get().status == "submitted"
    confirming.carry_on(part.pk)
    assert contract.kpi_sets.get().status == "submitted"
    assert part.lines.get().outcome == "waiting"


def test_a_contract_above_ones_limit_is_not_left_out_of_a_batch_either(world):  # noqa: F811
    _, part = adopt(world, world.who.lena)
    Delegation.objects.update(value_limit=Decimal(100))
    with pytest.raises(Refused, match="covers contracts up to"):
        confirming.leave_out(part.lines.get(), by=again(world.who.della), reason="x")


def test_a_contract_that_moved_away_is_read_in_no_batch_of_before(client, world):  # noqa: F811
    contract, part = adopt(world, world.who.lena)
    type(contract).objects.filter(pk=contract.pk).update(directorate=world.home_care.directorate)
    page = reverse("kpis:adoption-line-page", args=[part.pk, part.lines.get().pk])
    for person, seen in ((world.who.dana, False), (world.who.della, False), (world.who.lena, True)):
        client.force_login(again(person))
        assert client.get(page).status_code == (200 if seen else 404)
        listed = client.get(reverse("kpis:adoption-part-page", args=[part.pk]))
        assert (b"NB-78" in listed.content) is seen


def kinds_to(person):
    """Return the kinds of letters a person has."""
    return set(Letter.objects.filter(to=person).values_list("kind", flat=True))


def test_letters_about_a_set_go_to_nobody_who_may_not_read_it(world):  # noqa: F811
    """Neither to who was deactivated, nor to a proposer or manager who works elsewhere by now."""
    w = world.who
    asked = world.question_asked.kpi_set
    Letter.objects.all().delete()
    Appointment.objects.filter(person=w.colin).update(directorate=world.home_care.directorate)
    Person.objects.filter(pk=w.priya.pk).update(is_active=False)
    challenges.challenge(KPISet.objects.get(pk=asked.pk), by=w.lena, comment="And when?")
    approvals.send_back(
        KPISet.objects.get(pk=asked.pk), by=w.dana, content_hash=asked.content_hash, reasons={1: "x"}
    )
    approve(KPISet.objects.get(pk=world.pending.pk), w.dana)
    assert kinds_to(w.colin) == kinds_to(w.priya) == set()
    # Della is told that there was a question: she could decide it.
    assert kinds_to(w.della) == {"set-question-waits"}


def test_a_set_that_waits_is_told_to_whoever_is_in_the_post_and_to_nobody_before(world):  # noqa: F811
    w = world.who
    Delegation.objects.update(revoked_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC))
    post = Post.objects.create(title="Head of Streets", directorate=world.directorate)
    for person, ends in ((w.sami, today() - DAY), (w.nadia, None), (w.otto, None)):
        PostHolding.objects.create(post=post, person=person, starts_on=LONG_AGO, ends_on=ends)
    Person.objects.filter(pk=w.otto.pk).update(is_active=False)
    Delegation.objects.create(
        given_by=w.dana, post=post, directorate=world.directorate, scheme_reference="4", starts_on=LONG_AGO
    )
    sent = send(KPISet.objects.get(pk=world.draft.pk), again(w.colin))
    found = set(Letter.objects.filter(kind="set-waiting", contract_number=sent.contract_id).values_list(
        "to__full_name", flat=True
    ))  # fmt: skip
    assert found == {"Dana Okafor", "Nadia Cole"}
    routing.ask_who_can_decide_now()
    assert "set-waiting" not in kinds_to(w.sami) | kinds_to(w.otto) | kinds_to(w.desmond)


def test_pages_of_approvals_are_for_reading_and_change_nothing(client, world):  # noqa: F811
    before = HistoryRow.objects.count()
    for who in ("dana", "lena", "colin"):
        for kpi_set in (world.pending, world.in_force, world.exception):
            told(client, world.cast[who], *everything_about(kpi_set)[:12])
    assert HistoryRow.objects.count() == before
