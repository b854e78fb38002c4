"""Hand-made requests about the register's life: whole forms of the wrong people, other contracts' numbers."""

import pytest
from django.urls import reverse

from accounts.calendar import first_of_month, today
from accounts.models import HistoryRow, Person
from contracts.models import Fund
from contracts.stages import verbs as stages
from kpis.gaps.models import GapNote
from kpis.lifecycle import verbs as lifecycle
from kpis.notices.models import Notice
from socialvalue.tests.access import ACTS, PAGES, allowed_and_refused
from socialvalue.tests.addresses import address
from socialvalue.tests.whole_forms import SOON, day, whole_forms
from socialvalue.tests.world import world  # noqa: F401 (a fixture)

# Pages everybody who sees the contract reads, with a form in them only some may send.
KEEPERS = "colin priya dafydd lena adam"
SENT_BY = {"contracts:checklist": KEEPERS, "kpis:section-52": KEEPERS}


@pytest.mark.walk
def test_whole_and_valid_forms_of_the_wrong_people_change_nothing(client, world):  # noqa: F811
    wrong = {}
    for name, body in whole_forms(world).items():
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


MARKED = ("rule-edit", "band-edit", "tier-edit", "fund-edit", "template-edit")


def test_a_form_sent_without_what_it_had_seen_saves_nothing_over_a_change(client, world):  # noqa: F811
    """Each new form that changes something carries a version or a mark; without it, or stale, it is told."""
    wrong = {}
    client.force_login(world.who.lena)
    for name, body in whole_forms(world).items():
        if name.endswith(MARKED):
            # The mark is of the last change: the first one makes it.
            assert client.post(address(name, world), body).status_code == 302, name
        elif "version" not in body:
            continue
        for without in ({}, {"version": "999", "seen": "999"}):
            sent = {key: value for key, value in body.items() if key not in ("version", "seen")} | without
            before = HistoryRow.objects.count()
            page = client.post(address(name, world), sent)
            shown = name == "contracts:supplier-edit" and not without
            if page.status_code != (200 if shown else 409) or HistoryRow.objects.count() != before:
                wrong[name, bool(without)] = page.status_code
    assert wrong == {}


def test_nothing_of_another_contract_is_reached_through_ones_own(client, world):  # noqa: F811
    """Break points, offers, suspensions, notices and statements open under their own contract only."""
    w, own = world, world.bare.pk
    foreign = {
        ("contracts:break-point-edit", "contracts:break-point-outcome", "contracts:break-point-withdraw"): (
            own, w.break_point.pk,
        ),
        ("contracts:offer-edit", "contracts:offer-receive", "contracts:offer-withdraw"): (own, w.offer.pk),
        ("kpis:suspension-withdraw",): (own, w.suspension.pk),
        ("kpis:notice-page", "kpis:notice-edit", "kpis:notice-withdraw"): (own, w.notice.number),
        ("contracts:statement-page", "contracts:statement-download"): (own, 1),
        ("kpis:stock-take-contract",): (w.stock_take.pk, w.home_care.pk),
    }  # fmt: skip
    forms, wrong = whole_forms(w), {}
    for who in ("lena", "colin"):
        client.force_login(w.cast[who])
        before = HistoryRow.objects.count()
        for names, args in foreign.items():
            for name in names:
                path = reverse(name, args=args)
                for answer in (client.get(path), client.post(path, forms.get(name, {}))):
                    if answer.status_code not in (404, 405):
                        wrong[name, who] = answer.status_code
        assert HistoryRow.objects.count() == before
    assert wrong == {}


def test_hidden_and_chosen_fields_take_nothing_of_others(client, world):  # noqa: F811
    """KPIs of another contract, strangers as who acts, closed funds, other directorates are refused."""
    w = world
    client.force_login(w.who.colin)
    parks_kpi = w.pending.terms.first().kpi_id
    page = client.post(reverse("kpis:notice-add", args=[w.highways.pk]), {"kind": "UK7", "first": parks_kpi})
    assert page.context["form"].errors["first"]
    page = client.post(
        reverse("kpis:gap-say", args=[w.bare.pk]),
        {"reason": "not_asked", "next_step": "ask_supplier", "who": w.who.otto.pk, **day("by_when", SOON)},
    )
    assert page.context["form"].errors["who"]
    Person.objects.filter(pk=w.who.priya.pk).update(is_active=False)
    page = client.post(
        reverse("kpis:gap-say", args=[w.bare.pk]),
        {"reason": "not_asked", "next_step": "ask_supplier", "who": w.who.priya.pk, **day("by_when", SOON)},
    )
    assert page.context["form"].errors["who"]
    Fund.objects.update(is_open=False)
    page = client.post(
        reverse("contracts:offer-add", args=[w.bare.pk]),
        {"kind": "cash", "description": "x", "amount": 5, "fund": w.fund.pk},
    )
    assert page.context["form"].errors["fund"]
    page = client.post(
        reverse("kpis:stock-take-start"), {"directorate": w.home_care.directorate_id, "which": "all"}
    )
    assert page.context["form"].errors["directorate"]
    assert not Notice.objects.exclude(pk=w.notice.pk).exists()
    assert not GapNote.objects.exists()


def test_whoever_lost_sight_of_a_contract_that_was_moved_acts_on_it_no_more(client, world):  # noqa: F811
    """A commissioner moves a contract away with the page still open: every act from it finds nothing."""
    w = world
    forms = whole_forms(w)
    lifecycle.move(
        w.highways, by=w.who.lena, directorate=w.home_care.directorate, from_month=first_of_month(today())
    )
    client.force_login(Person.objects.get(pk=w.who.colin.pk))
    before, wrong = HistoryRow.objects.count(), {}
    for name, body in forms.items():
        if f"/contracts/{w.highways.pk}/" in address(name, w):
            status = client.post(address(name, w), body).status_code
            if status != 404:
                wrong[name] = status
    assert wrong == {}
    assert HistoryRow.objects.count() == before


@pytest.mark.parametrize("name", ["kpis:contract-move", "contracts:stage-move", "kpis:contract-terminate"])
def test_no_address_to_go_back_to_is_taken_from_a_request(name, client, world):  # noqa: F811
    client.force_login(world.who.lena)
    for key in ("next", "back", "return", "return_to"):
        path = f"{address(name, world)}?{key}=https://evil.example/"
        assert b"evil.example" not in client.get(path).content
        body = {**whole_forms(world)[name], key: "https://evil.example/"}
        assert "evil.example" not in client.post(path, body).headers.get("Location", "")


def test_a_form_sent_twice_is_done_once(client, world):  # noqa: F811
    """A second press of a button, or the page before brought back and sent again, adds nothing."""
    w, again = world, {}
    client.force_login(w.who.lena)
    for name in (
        "contracts:break-point-add", "contracts:offer-add", "kpis:notice-add", "kpis:contract-extend",
        "kpis:contract-suspend", "kpis:contract-novate", "kpis:contract-move", "contracts:statement-keep",
        "kpis:contract-terminate", "contracts:fund-add", "contracts:band-add", "contracts:rule-add",
        "kpis:template-add", "contracts:supplier-edit", "contracts:break-point-outcome",
        "contracts:supplier-merge-undo", "kpis:stock-take-close",
    ):  # fmt: skip
        body = {**whole_forms(w)[name]}
        if name == "contracts:statement-keep":
            stages.answer(w.highways, [stages.Given(w.question, words="Work for all.")], by=w.who.lena)
            body["seen"] = client.get(address("contracts:statement-draft", w)).context["draft"].mark
        assert client.post(address(name, w), body).status_code == 302, name
        before = HistoryRow.objects.count()
        status = client.post(address(name, w), body).status_code
        if status not in (200, 409) or HistoryRow.objects.count() != before:
            again[name] = status
    assert again == {}
