"""Hand-made requests about the register's life: whole forms of the wrong people, other contracts' numbers."""

import csv
import datetime as dt
import io
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.calendar import first_of_month, today
from accounts.models import HistoryRow, Person
from conftest import make_contract
from contracts.breaks import verbs as breaks
from contracts.models import (
    BreakPoint,
    ChecklistQuestion,
    Contract,
    Fund,
    Offer,
    ProportionateRule,
    Supplier,
    SupplierStatement,
    SupplierStatus,
    Suspension,
)
from contracts.offers import verbs as offers
from contracts.stages import verbs as stages
from kpis.gaps import verbs as gaps
from kpis.gaps.models import GapNote
from kpis.library.models import KPITemplate
from kpis.lifecycle import verbs as lifecycle
from kpis.notices import verbs as notices
from kpis.notices.models import Notice
from socialvalue.tests.access import ACTS, PAGES, allowed_and_refused
from socialvalue.tests.addresses import address
from socialvalue.tests.test_attacks import INLINE, XSS
from socialvalue.tests.world import world  # noqa: F401 (a fixture)

SOON = today() + dt.timedelta(days=400)


def day(name, value):
    """Return the three boxes of a date."""
    return {f"{name}_0": value.day, f"{name}_1": value.month, f"{name}_2": value.year}


def month(name, value):
    """Return the two boxes of a month."""
    return {f"{name}_0": value.month, f"{name}_1": value.year}


def whole_forms(w):
    """Return a whole and valid form for each act of the register's life."""
    version = Contract.objects.get(pk=w.highways.pk).version
    reason = {"reason": "x", "note": "x"}
    kept = w.merge.kept
    kept.refresh_from_db()
    seen = {"version": version}
    measure = w.template.items.first().measure_id
    rows = {"items-TOTAL_FORMS": 1, "items-INITIAL_FORMS": 0, "items-0-measure": measure}
    question = {"text": "x?", "kind": "text", "stage": "live", "position": 5}
    return {
        "contracts:break-point-add": {"kind": "break", **day("on", SOON)},
        "contracts:break-point-edit": {"kind": "review", **day("on", SOON), "version": w.break_point.version},
        "contracts:break-point-outcome": {
            "outcome": "left", "words": "x", "version": w.break_point.version,
        },
        "contracts:break-point-withdraw": {**reason, "version": w.break_point.version},
        "contracts:rule-add": {"kpis_at_least": 1, "returns_every": 1, "tier": w.tier.pk},
        "contracts:rule-edit": {"kpis_at_least": 3, "returns_every": 1},
        "contracts:rule-remove": reason,
        "contracts:band-add": {"name": "x", "at_least": 7},
        "contracts:band-edit": {"name": "x", "at_least": 0},
        "contracts:band-remove": reason,
        "contracts:tier-add": {"name": "x", "position": 1},
        "contracts:tier-edit": {"name": "x", "position": 1},
        "contracts:tier-remove": reason,
        "contracts:offer-add": {"kind": "in_kind", "description": "x"},
        "contracts:offer-edit": {"kind": "in_kind", "description": "x", "version": w.offer.version},
        "contracts:offer-receive": {
            "amount_received": 5, "received_words": "x", **day("received_on", today()),
            "version": w.offer.version,
        },
        "contracts:offer-withdraw": {**reason, "version": w.offer.version},
        "contracts:fund-add": {"name": "Mine"},
        "contracts:fund-edit": {"name": "Mine"},
        "contracts:import-abandon": reason,
        "contracts:import-check": {},
        "contracts:import-apply": {},
        "contracts:import-carry-on": {},
        "contracts:import-stop": {},
        "contracts:notice-import-abandon": reason,
        "contracts:notice-import-check": {},
        "contracts:notice-import-apply": {},
        "contracts:notice-import-carry-on": {},
        "contracts:notice-import-stop": {},
        "kpis:measure-import-abandon": reason,
        "kpis:measure-import-check": {},
        "kpis:measure-import-apply": {},
        "kpis:measure-import-carry-on": {},
        "kpis:measure-import-stop": {},
        "contracts:stage-move": {**seen, "to": "ended", "note": "x", **day("ends_on", today())},
        "contracts:checklist": {f"q{w.question.pk}-seen": "", f"q{w.question.pk}-words": "x"},
        "contracts:checklist-question-add": question,
        "contracts:checklist-question-edit": {**question, "version": w.question.version},
        "contracts:checklist-question-retire": {"version": w.question.version},
        "contracts:statement-keep": {"introduction": "x"},
        "contracts:supplier-edit": {"name": "Mine", "version": kept.version},
        "contracts:supplier-status": {
            "kind": "sme", "answer": "yes", "source": "x", **day("as_at", today()),
        },
        "contracts:supplier-merge-undo": {},
        "contracts:suppliers-distinct": {"first": w.merge.kept_id, "second": w.merge.merged_id},
        "kpis:gap-say": {"reason": "not_asked", "next_step": "nothing", "words": "x", "seen": 0},
        "kpis:stock-take-start": {"directorate": w.directorate.pk, "which": "all"},
        "kpis:stock-take-contract": {"reason": "not_asked", "next_step": "nothing", "words": "x", "seen": 0},
        "kpis:stock-take-close": {"version": w.stock_take.version},
        "kpis:template-add": {"name": "Mine", "is_active": "on", **rows},
        "kpis:template-edit": {"name": "Mine", "is_active": "on", **rows},
        "kpis:contract-extend": {**seen, "note": "x", **day("to", dt.date(2030, 3, 31))},
        "kpis:contract-suspend": {**seen, "reason": "x", **month("from_month", dt.date(2028, 1, 1)),
                                  **month("to_month", dt.date(2028, 2, 1))},
        "kpis:contract-resume": {**seen, **month("last_month", dt.date(2029, 2, 1))},
        "kpis:contract-novate": {**seen, "suppliers": "Mine Ltd", **day("on", today())},
        "kpis:contract-terminate": {**seen, "reason": "x", **day("on", today())},
        "kpis:contract-split": {**seen, **day("on", today()), "title_1": "A", "title_2": "B"},
        "kpis:contract-move": {
            **seen, "directorate": w.home_care.directorate_id, **month("from_month", today()),
        },
        "kpis:contract-termination-undo": seen,
        "kpis:suspension-withdraw": seen,
        "kpis:section-52": {**seen, "kpis_elsewhere": 3},
        "kpis:notice-add": {"kind": "UK7", "why_none": "x"},
        "kpis:notice-edit": {"kind": "UK9", "why_none": "x", "version": w.notice.version},
        "kpis:notice-withdraw": {"reason": "x", "version": w.notice.version},
    }  # fmt: skip


# Pages everybody who sees the contract reads, with a form in them only some may send.
KEEPERS = "colin priya dafydd lena adam"
SENT_BY = {"contracts:checklist": KEEPERS, "kpis:section-52": KEEPERS}


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


@pytest.mark.walk
def test_members_read_no_working_words(client, world):  # noqa: F811
    """Gap notes, answers, unpublished notices and drafts: on no page, in no file, in no history of theirs."""
    w = world
    stages.answer(w.highways, [stages.Given(w.question, words="QUIET answer")], by=w.who.colin)
    gaps.say(
        w.bare, by=w.who.colin, reason="other", next_step="nothing", words="QUIET gap",
        stock_take=w.stock_take,
    )  # fmt: skip
    notices.change(
        w.notice, by=w.who.colin, picks=[], kind="UK7", why_none="QUIET notice", published_on=None,
        reference="", why_these="",
    )  # fmt: skip
    told, read = {}, 0
    more = [
        f"/contracts/{one.pk}/{page}"
        for one in (w.highways, w.bare)
        for page in ("", "history/", "section-52/")
    ]
    for who in ("ewa", "sami"):
        client.force_login(w.cast[who])
        for path in [*(address(name, w) for name in PAGES), *more]:
            files = [path + ("&" if "?" in path else "?") + "format=csv"]
            for asked in [path, *files]:
                page = client.get(asked)
                if page.status_code != 200:
                    continue
                read += 1
                text = b"".join(page.streaming_content) if page.streaming else page.content
                if b"QUIET" in text:
                    told[who, path] = asked
                if b"format=csv" not in text:
                    break
    assert told == {}
    assert read > 60


LISTS = (
    "contracts:supplier-list", "contracts:fund-list", "contracts:stage-coverage", "kpis:gap-register",
    "kpis:radar", "kpis:award-year-coverage", "kpis:stock-take-list", "kpis:section-52-list",
    "reporting:supplier-page", "kpis:stock-take-page", "kpis:return-list", "contracts:contract-list",
)  # fmt: skip


def test_lists_and_their_files_hold_nothing_of_contracts_one_may_not_see(client, world):  # noqa: F811
    """The same supplier and fund serve a contract elsewhere: no name of it, and none of its pounds."""
    w = world
    Contract.objects.filter(pk=w.home_care.pk).update(title="HIDDEN care", value=Decimal("7654321"))
    make_contract("HIDDEN meals", w.home_care.directorate, value=Decimal("7654321"), supplier="HIDDEN Ltd")
    breaks.add(w.home_care, by=w.who.oscar, kind="break", on=SOON, could_ask="HIDDEN places")
    offers.add(
        w.home_care,
        by=w.who.oscar,
        kind="cash",
        description="HIDDEN gift",
        amount=Decimal(98765),
        fund=w.fund,
    )
    told = {}
    for who in ("colin", "priya", "dana", "della", "ewa", "nadia"):
        client.force_login(w.cast[who])
        for name in LISTS:
            for query in ("", "?format=csv", "?q=HIDDEN", "?which=all"):
                page = client.get(address(name, w) + query)
                if page.status_code != 200:
                    continue
                text = (b"".join(page.streaming_content) if page.streaming else page.content).decode()
                text = text.replace("q=HIDDEN", "").replace('value="HIDDEN"', "")
                for secret in ("HIDDEN", "7,654,321", "7654321", "98,765", "98765", "99,265", "10,054,321"):
                    if secret in text:
                        told[who, name, query] = secret
    assert told == {}


def test_no_cell_of_a_download_is_a_formula(client, world):  # noqa: F811
    w, bad = world, "=HYPERLINK(1)"
    Contract.objects.update(title=bad, reference=bad, supplier_text=bad)
    Supplier.objects.update(name=bad, company_number="@SUM(1)", charity_number="+1+1")
    BreakPoint.objects.update(could_ask=bad, clause=bad)
    Offer.objects.update(description=bad)
    Fund.objects.update(name=bad)
    SupplierStatus.objects.create(
        supplier=w.merge.kept, kind="sme", answer="yes", source=bad, as_at=today(), said_by=w.who.lena
    )
    gaps.say(w.bare, by=w.who.colin, reason="other", next_step="nothing", words=bad, stock_take=w.stock_take)
    w.directorate.name = bad
    w.directorate.save()
    client.force_login(Person.objects.get(pk=w.who.lena.pk))
    met = set()
    for name in LISTS:
        for query in ("?format=csv", "?format=csv&which=all"):
            page = client.get(address(name, w) + query)
            if not page.headers["Content-Type"].startswith("text/csv"):
                continue
            text = (b"".join(page.streaming_content) if page.streaming else page.content).decode("utf-8-sig")
            cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
            assert not [cell for cell in cells if cell[:1] in ("=", "@", "+")], name
            met |= {name} if "'=HYPERLINK(1)" in cells else set()
            assert page.headers["Content-Disposition"].startswith("attachment")
    assert len(met) > 6


def test_what_people_typed_about_the_registers_life_is_never_run(client, world):  # noqa: F811
    w = world
    Contract.objects.update(title=XSS, supplier_text=XSS, termination_reason=XSS, kpi_exemption=XSS)
    Supplier.objects.update(name=XSS, company_number=XSS[:40], charity_number=XSS[:40])
    SupplierStatus.objects.create(
        supplier=w.merge.kept, kind="sme", answer="yes", source=XSS, as_at=today(), said_by=w.who.lena
    )
    w.merge.__class__.objects.update(reason=XSS)
    gaps.say(w.bare, by=w.who.colin, reason="other", next_step="nothing", words=XSS, stock_take=w.stock_take)
    gaps.say(w.highways, by=w.who.colin, reason="other", next_step="nothing", words=XSS)
    BreakPoint.objects.update(could_ask=XSS, clause=XSS)
    Offer.objects.update(description=XSS)
    Fund.objects.update(name=XSS, about=XSS)
    Suspension.objects.update(reason=XSS, reference=XSS)
    Notice.objects.update(why_none=XSS, why_these=XSS, reference=XSS)
    notices.draw_up(
        w.highways, by=w.who.colin, kind="UK9", picks=[notices.Pick(XSS, XSS)], why_these=XSS,
        published_on=today(),
    )  # fmt: skip
    stages.answer(w.highways, [stages.Given(w.question, words=XSS)], by=w.who.colin)
    ChecklistQuestion.objects.update(text=XSS, hint=XSS, statement_heading=XSS[:100])
    ProportionateRule.objects.update(note=XSS)
    KPITemplate.objects.update(about=XSS)
    KPITemplate.objects.filter(pk=w.template.pk).update(name=XSS)
    w.band.__class__.objects.filter(pk=w.band.pk).update(name=XSS[:80])
    w.tier.__class__.objects.filter(pk=w.tier.pk).update(name=XSS[:40])
    for statement in SupplierStatement.objects.all():
        words = {**statement.content, "title": XSS, "introduction": XSS, "council": XSS, "reference": XSS}
        words["sections"] = [{"heading": XSS, "text": XSS}]
        SupplierStatement.objects.filter(pk=statement.pk).update(content=words)
    wrong, met = {}, set()
    client.force_login(w.who.lena)
    names = [name for name in PAGES if name.split(":")[0] in ("contracts", "kpis", "reporting")]
    paths = {name: address(name, w) for name in names}
    paths["bare"] = reverse("reporting:contract-page", args=[w.bare.pk])
    paths["notice 2"] = reverse("kpis:notice-page", args=[w.highways.pk, 2])
    for name, path in paths.items():
        page = client.get(path)
        if page.status_code != 200 or not page.headers["Content-Type"].startswith("text/html"):
            continue
        html = page.content.decode()
        met |= {name} if "&lt;script&gt;alert" in html else set()
        bare = re.sub(r"&[a-z0-9#]+;", "", html)
        bare = re.sub(r'(value|content|aria-label|title|alt|data-[a-z-]+)="[^"]*"', "", bare)
        found = INLINE.search(bare)
        if "<script>alert" in html or "<img src=x" in html or (found and "onerror" not in found.group(0)):
            wrong[name] = found.group(0) if found else "raw"
    # A file to be published may hold a style of its own, but no script.
    assert wrong.keys() <= {"contracts:statement-download"}, wrong
    file = client.get(paths["contracts:statement-download"])
    assert b"<script" not in file.content
    assert b"<img" not in file.content
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert '"' not in file.headers["Content-Disposition"].split("filename=")[1][1:-1]
    assert len(met) > 50


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


def test_a_lot_moved_away_tells_nothing_of_the_contract_it_was_split_from(client, world):  # noqa: F811
    w = world
    lots = [lifecycle.Lot("Elms", (), Decimal(1000000)), lifecycle.Lot("Oaks", (), Decimal(1400000))]
    _, oaks = lifecycle.split_into_lots(w.bare, by=w.who.colin, lots=lots, on=today())
    lifecycle.move(
        oaks, by=w.who.colin, directorate=w.home_care.directorate, from_month=first_of_month(today())
    )
    for who, tells in (("lena", True), ("olga", False)):
        client.force_login(Person.objects.get(pk=w.cast[who].pk))
        page = client.get(reverse("reporting:contract-page", args=[oaks.pk])).content.decode()
        assert ("Elms" in page) == tells, who
        history = client.get(reverse("reporting:contract-history", args=[oaks.pk])).content.decode()
        assert "Elms" not in history
        assert "Tree works" not in history
    Contract.objects.filter(pk=oaks.pk).update(agreement_type="call_off", parent=w.waste)
    assert "Household waste" not in client.get(f"/contracts/{oaks.pk}/").content.decode()


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
