"""What pages and files of the register's life tell: nothing of other contracts, nothing that is run."""

import csv
import io
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.calendar import first_of_month, today
from accounts.models import Person
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
from kpis.library.models import KPITemplate
from kpis.lifecycle import verbs as lifecycle
from kpis.notices import verbs as notices
from kpis.notices.models import Notice
from socialvalue.tests.access import PAGES
from socialvalue.tests.addresses import address
from socialvalue.tests.test_attacks import INLINE, XSS
from socialvalue.tests.whole_forms import SOON
from socialvalue.tests.world import world  # noqa: F401 (a fixture)


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
