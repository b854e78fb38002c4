"""Hand-made requests by the wrong person: whole, valid forms are refused, and nothing changes."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.calendar import today
from accounts.models import Appointment, Delegation, HistoryRow, Person, Role
from conftest import LONG_AGO, make_contract
from contracts.models import Contract, Supplier
from kpis.models import KPISet, MonthlyReturn
from kpis.proposals import verbs as proposals
from socialvalue.tests.access import PAGES, allowed_and_refused
from socialvalue.tests.addresses import address
from socialvalue.tests.world import world  # noqa: F401 (a fixture)

XSS = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
DAY = dt.timedelta(days=1)


def decide(client, kpi_set, person, **more):
    """Return the status of an approval with everything a decider sends."""
    client.force_login(Person.objects.get(pk=person.pk))
    url = reverse("kpis:kpi-set-decide", args=[kpi_set.contract_id, kpi_set.number])
    body = {"decision": "approve", "approve-content_hash": kpi_set.content_hash, "approve-note": "", **more}
    return client.post(url, body).status_code


def test_a_set_is_approved_by_nobody_but_its_deciders(client, world):  # noqa: F811
    w = world.who
    for person in (w.colin, w.priya, w.lena, w.adam):
        assert decide(client, world.pending, person) == 403
    for person in (w.dafydd, w.ewa, w.sami, w.oscar, w.olga, w.otto, w.nadia):
        assert decide(client, world.pending, person) == 404
    world.pending.refresh_from_db()
    assert world.pending.status == "submitted"
    assert decide(client, world.pending, w.dana) == 302


@pytest.mark.parametrize(
    "facts",
    [
        {"revoked_at": dt.datetime(2024, 1, 1, tzinfo=dt.UTC)},
        {"ends_on": "yesterday"},
        {"starts_on": "tomorrow"},
        {"value_limit": Decimal("100")},
    ],
    ids=lambda facts: next(iter(facts)),
)
def test_a_delegation_that_does_not_hold_lets_nobody_decide(facts, client, world):  # noqa: F811
    days = {"yesterday": today() - DAY, "tomorrow": today() + DAY}
    Delegation.objects.update(**{name: days.get(value, value) for name, value in facts.items()})
    expected = 403 if "value_limit" in facts else 404
    assert decide(client, world.pending, world.who.della) == expected


def test_a_delegation_falls_with_the_directors_post(client, world):  # noqa: F811
    Appointment.objects.filter(person=world.who.dana).update(ends_on=today() - DAY)
    assert decide(client, world.pending, world.who.della) == 404


def test_whoever_started_a_set_does_not_decide_it(client, world):  # noqa: F811
    """Starting a set puts a copy of the last one into it: that is a hand in it, changed or not."""
    w = world.who
    Appointment.objects.create(
        person=w.desmond, role=Role.COMMISSIONER, directorate=world.directorate, starts_on=LONG_AGO
    )
    desmond = Person.objects.get(pk=w.desmond.pk)
    copy = proposals.start_set(world.highways, by=desmond)
    proposals.describe(copy, by=w.colin, why="Nothing changes but the year.")
    sent = KPISet.objects.get(pk=proposals.submit(copy, by=w.colin).pk)
    assert decide(client, sent, desmond) == 403
    assert decide(client, sent, w.dana) == 302


def whole_forms(world):  # noqa: F811
    """Return a whole and valid form for each address that acts."""
    month = f"{today():%Y-%m}"
    terms = world.draft.terms.first()
    reading = world.open.readings.first()
    number = {"starts_on_0": 1, "starts_on_1": 4, "starts_on_2": 2027}
    return {
        "accounts:person-invite": {
            "full_name": "Eve", "email": "eve@x.example", "role": "administrator", **number,
        },
        "accounts:appointment-add": {"role": "administrator", **number},
        "accounts:person-edit": {"full_name": "Eve", "email": "eve@x.example"},
        "accounts:person-deactivate": {"note": "x"},
        "accounts:delegation-give": {
            "directorate": world.directorate.pk, "holder": "person", "given_to": world.who.nadia.pk,
            "scheme_reference": "x", **number,
        },
        "accounts:delegation-revoke": {"note": "x"},
        "contracts:contract-edit": {
            "title": "Mine", "directorate": world.directorate.pk, "stage": "live",
            "agreement_type": "contract",
            "version": Contract.objects.get(pk=world.highways.pk).version,
        },
        "contracts:unmapped-map": {"text": "COMMUNITY SERVICES", "directorate": world.directorate.pk},
        "kpis:kpi-set-start": {},
        "kpis:kpi-set-describe": {
            "version": world.draft.version, "effective_month_0": month[5:], "effective_month_1": month[:4],
        },
        "kpis:kpi-add-measure": {
            "version": world.draft.version, "target": 1, "ends_month_0": 3, "ends_month_1": 2029,
        },
        "kpis:kpi-edit": {
            "version": world.draft.version, "target": 1, "ends_month_0": 3, "ends_month_1": 2029,
            "title": terms.title,
        },
        "kpis:kpi-remove": {"version": world.draft.version},
        "kpis:kpi-set-take-back": {"note": "x"},
        "kpis:kpi-set-withdraw": {"note": "x"},
        "kpis:reading-edit": {"version": reading.version, "answer": "figure", "value": 9, "comment": "x"},
        "kpis:return-grid": {
            f"k{one.kpi_id}-{name}": value for one in world.open.readings.all()
            for name, value in (("value", 9), ("version", one.version), ("comment", "x"))
        },
        "kpis:return-benefits": {"text": "x", "version": world.open.version, "read": ""},
        "kpis:return-await-supplier": {"note": "x"},
        "kpis:evidence-add": {"kind": "starters", "readings": [one.pk for one in world.open.readings.all()]},
        "kpis:evidence-withdraw": {"reason": "x"},
        "kpis:return-check": {
            "version": world.open.version, "checked": "on", "period": "on", "commitment": "on",
        },
        "kpis:return-verify": {
            "version": MonthlyReturn.objects.get(pk=world.submitted.pk).version,
            **{f"amount_{one.pk}": 12 for one in world.submitted.readings.all()},
        },
        "kpis:return-send-back": {"reason": "x"},
        "kpis:return-reopen": {"reason": "x"},
        "kpis:verification-sample": {"month_0": 1, "month_1": 2026, "seed": "1", "share": 100},
        "kpis:measure-edit": {"title": "Mine"},
        "kpis:measure-retire": {"note": "x"},
        "kpis:reminder-snooze": {"reason": "x", "until_0": 1, "until_1": 12, "until_2": today().year + 1},
    }  # fmt: skip


@pytest.mark.walk
def test_whole_and_valid_forms_of_the_wrong_people_change_nothing(client, world):  # noqa: F811
    wrong = {}
    forms = whole_forms(world)
    paths = {name: address(name, world) for name in forms}
    for who, person in world.cast.items():
        client.force_login(person)
        for name, body in forms.items():
            allowed, _ = allowed_and_refused(PAGES[name], world.cast)
            if who in allowed:
                continue
            before = HistoryRow.objects.count()
            sent = dict(body)
            if name == "kpis:evidence-add":
                sent["file"] = SimpleUploadedFile("a.csv", b"week,count\n1,3\n")
            status = client.post(paths[name], sent).status_code
            if status not in {403, 404} or HistoryRow.objects.count() != before:
                wrong[name, who] = status
    assert wrong == {}


def test_nothing_of_another_contract_is_reached_by_a_number_in_ones_own_address(client, world):  # noqa: F811
    """KPIs, readings and files of one contract don't open under the address of another."""
    w = world.who
    parks_terms = world.pending.terms.first()
    client.force_login(w.colin)
    base = f"/contracts/{world.waste.pk}/kpi-sets/{world.draft.number}/"
    for page in ("kpis:kpi-edit", "kpis:kpi-remove"):
        url = reverse(page, args=[world.waste.pk, world.draft.number, parks_terms.pk])
        assert url.startswith(base)
        assert client.post(url, {"version": world.draft.version, "target": 1}).status_code == 404
    client.force_login(w.priya)
    foreign = reverse("kpis:reading-edit", args=[world.highways.pk, world.open.month, parks_terms.kpi_id])
    assert client.get(foreign).status_code == 404
    page = client.post(
        address("kpis:evidence-add", world),
        {
            "kind": "starters",
            "readings": [one.pk for one in world.verified.readings.all()],
            "file": SimpleUploadedFile("a.csv", b"week,count\n1,3\n"),
        },
    )
    assert page.status_code == 200
    assert page.context["form"].errors["readings"]
    assert not world.open.evidence.exists()


def test_a_contract_is_not_taken_by_fields_the_form_does_not_offer(client, world):  # noqa: F811
    """A contract manager posts a directorate, people and a framework of others: all of it is left aside."""
    w = world.who
    client.force_login(w.priya)
    url = reverse("contracts:contract-edit", args=[world.highways.pk])
    fresh = Contract.objects.get(pk=world.highways.pk)
    body = {
        "title": fresh.title, "stage": fresh.stage, "agreement_type": "call_off", "version": fresh.version,
        "parent_number": world.home_care.pk, "value_basis": fresh.value_basis,
        "directorate": world.home_care.directorate_id, "manager": w.otto.pk, "commissioner": w.oscar.pk,
        "deputies": [w.otto.pk],
    }  # fmt: skip
    page = client.post(url, body)
    assert page.context["form"].errors["parent_number"]
    assert b"Home care" not in page.content
    client.post(url, {**body, "agreement_type": "contract", "parent_number": ""})
    fresh.refresh_from_db()
    assert (fresh.directorate, fresh.manager, fresh.commissioner) == (world.directorate, w.priya, w.colin)
    assert list(fresh.deputies.all()) == [w.dafydd]


def test_nobody_is_named_for_contracts_one_may_not_assign_or_without_the_post(client, world):  # noqa: F811
    w = world.who
    client.force_login(w.colin)
    url = reverse("contracts:contract-assign")
    client.post(url, {"contract": [world.home_care.pk, world.unmapped.pk], "manager": w.priya.pk, "all": "1"})
    client.post(url, {"contract": [world.highways.pk], "manager": w.nadia.pk})
    client.post(url, {"contract": [world.highways.pk], "manager": w.colin.pk})
    assert Contract.objects.get(pk=world.home_care.pk).manager == w.otto
    assert Contract.objects.get(pk=world.unmapped.pk).manager is None
    assert Contract.objects.get(pk=world.highways.pk).manager == w.priya


def test_names_of_files_are_read_by_those_close_to_the_contract_only(client, world):  # noqa: F811
    """Names of files may name people: neither history nor pages tell them to delegates, members or others."""
    for name in ("reporting:contract-page", "reporting:contract-history", "kpis:return-page"):
        for who in ("della", "ewa", "sami", "adam"):
            client.force_login(world.cast[who])
            assert b"starters.csv" not in client.get(address(name, world)).content, (name, who)
    client.force_login(world.who.adam)
    assert b"starters.csv" not in client.get(reverse("accounts:history-list")).content
    client.force_login(world.who.dana)
    assert b"starters.csv" in client.get(address("reporting:contract-history", world)).content


def test_a_form_without_its_token_is_refused(world):  # noqa: F811
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.who.dana)
    assert decide_with(client, world.pending) == 403
    world.pending.refresh_from_db()
    assert world.pending.status == "submitted"


def decide_with(client, kpi_set):
    """Return the status of an approval without the token of a form."""
    url = reverse("kpis:kpi-set-decide", args=[kpi_set.contract_id, kpi_set.number])
    return client.post(url, {"decision": "approve", "approve-content_hash": kpi_set.content_hash}).status_code


INLINE = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", re.IGNORECASE)


@pytest.mark.walk
def test_what_people_typed_is_never_run_and_pages_hold_no_script_or_style_of_their_own(client, world):  # noqa: F811
    """Every stored text is made an attack; every page that opens is looked through, headers and all."""
    w = world
    Contract.objects.update(
        title=XSS,
        supplier_text=XSS,
        description=XSS,
        reference=XSS,
        monitoring=XSS,
        directorate_text=XSS[:250],
    )
    w.directorate.name = XSS[:100]
    w.directorate.save()
    w.who.oscar.full_name = XSS
    w.who.oscar.save()
    w.who.colin.full_name = XSS
    w.who.colin.save()
    for kpi_set in KPISet.objects.all():
        kpi_set.terms.update(title=XSS, counting_rule=XSS, evidence_expected=XSS, why=XSS)
        KPISet.objects.filter(pk=kpi_set.pk).update(why=XSS, supplier_agreed=XSS)
    for one in MonthlyReturn.objects.all():
        one.readings.update(comment=XSS, text_value=XSS, verification_note=XSS)
    MonthlyReturn.objects.update(
        additional_benefits=XSS, sent_back_reason=XSS, awaiting_supplier_note=XSS[:200]
    )
    w.evidence.__class__.objects.update(file_name=XSS, description=XSS, restricted_reason=XSS)
    w.imported.__class__.objects.update(file_name=XSS)
    w.kpi.measure.__class__.objects.filter(pk=w.kpi.measure_id).update(title=XSS)
    w.kpi.measure.unit.__class__.objects.filter(pk=w.kpi.measure.unit_id).update(
        name=XSS[:60], short=XSS[:20]
    )
    wrong, met = {}, set()
    for who in ("lena", "adam", "priya"):
        client.force_login(Person.objects.get(pk=w.cast[who].pk))
        for name in PAGES:
            page = client.get(
                address(name, w) + ("?q=" + "<script>" if "search" in name or "list" in name else "")
            )
            if page.status_code == 302:
                continue
            policy = page.headers.get("Content-Security-Policy", "")
            kept = page.headers.get("Cache-Control", "")
            if "unsafe" in policy or not ("script-src 'self'" in policy or "default-src 'none'" in policy):
                wrong[name, who] = policy
            if "no-store" not in kept or page.headers.get("X-Content-Type-Options") != "nosniff":
                wrong[name, who] = dict(page.headers)
            if page.headers["Content-Type"].startswith("text/html"):
                if "&lt;script&gt;alert" in page.content.decode():
                    met.add(name)
                html = re.sub(r"&[a-z0-9#]+;", "", page.content.decode())
                found = INLINE.search(
                    re.sub(r'(value|content|aria-label|title|alt|data-[a-z-]+)="[^"]*"', "", html)
                )
                if "<script>alert" in page.content.decode() or "<img src=x" in page.content.decode():
                    wrong[name, who] = "raw"
                elif found and "onerror" not in found.group(0):
                    wrong[name, who] = html[max(0, found.start() - 60) : found.end() + 60]
    assert wrong == {}
    assert len(met) > 40


def test_a_downloaded_table_runs_nothing(client, world):  # noqa: F811
    Contract.objects.filter(pk=world.highways.pk).update(title="=HYPERLINK(1)")
    Supplier.objects.filter(contract_links__contract=world.highways.pk).update(name="@SUM(1)")
    client.force_login(world.who.lena)
    file = client.get(reverse("contracts:contract-list"), {"format": "csv"})
    text = file.getvalue().decode()
    assert "'=HYPERLINK(1)" in text
    assert "'@SUM(1)" in text
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "script-src 'self'" in file.headers["Content-Security-Policy"]


def test_evidence_is_handed_out_to_keep_and_never_shown_as_a_page(client, world):  # noqa: F811
    client.force_login(world.who.priya)
    file = client.get(address("kpis:evidence-open", world))
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in file.headers["Content-Security-Policy"]
    for name, content in (
        ("page.html", b"<script>alert(1)</script>"),
        ("picture.svg", b"<svg onload='alert(1)'/>"),
        ("picture.png", b"<svg onload='alert(1)'/>"),
        ("letter.pdf", b"<html><script>alert(1)</script></html>"),
        ("../../x.html", b"<script>"),
    ):
        sent = {
            "kind": "starters",
            "readings": [one.pk for one in world.open.readings.all()],
            "file": SimpleUploadedFile(name, content),
        }
        page = client.post(address("kpis:evidence-add", world), sent)
        assert page.context["form"].errors["file"], name


def test_a_search_finds_nothing_of_contracts_drafts_or_people_one_may_not_see(client, world):  # noqa: F811
    make_contract("Secret shredding", world.home_care.directorate, supplier="Quiet Ltd")
    for who in ("colin", "priya", "dana", "della", "ewa", "nadia"):
        client.force_login(world.cast[who])
        for words in ("Secret", "Quiet", "Otto", "Home care", str(world.home_care.pk)):
            for name in ("reporting:search", "contracts:contract-list"):
                page = client.get(reverse(name), {"q": words}).content.decode()
                for told in (
                    "Secret shredding",
                    "Quiet Ltd",
                    "Otto Lindqvist",
                    f"/contracts/{world.home_care.pk}/",
                ):
                    assert told not in page, (who, words, name)


def test_filters_narrow_by_nothing_one_may_not_see(client, world):  # noqa: F811
    client.force_login(world.who.colin)
    for query in ({"manager": world.who.otto.pk}, {"directorate": world.home_care.directorate_id}):
        page = client.get(reverse("contracts:contract-list"), query)
        assert b"Home care" not in page.content
        assert b"Otto Lindqvist" not in page.content


def test_signing_in_leads_nowhere_outside(client, settings, world):  # noqa: F811
    settings.DEMO, settings.PRODUCTION = True, False
    settings.DEMO_PEOPLE = []
    for back in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"):
        client.logout()
        away = client.post("/demo-sign-in/", {"person": world.who.dana.pk, "next": back})
        assert away["Location"] == "/"
    world.who.dana.set_password("correct horse battery")
    world.who.dana.save()
    client.logout()
    before = client.session.session_key
    away = client.post(
        "/account/login/?next=https://evil.example/",
        {"login": world.who.dana.email, "password": "correct horse battery", "next": "//evil.example/"},
    )
    assert away["Location"] == "/"
    assert client.session.session_key != before


def test_who_is_deactivated_is_out_at_once_and_gets_no_link(client, world):  # noqa: F811
    w = world.who
    client.post("/account/password/reset/", {"email": w.dana.email})
    assert w.dana.letters.filter(kind="password-reset").exists()
    client.force_login(w.priya)
    Person.objects.filter(pk=w.priya.pk).update(is_active=False)
    assert "/account/login/" in client.get("/")["Location"]
    client.post("/account/password/reset/", {"email": w.priya.email})
    assert not w.priya.letters.filter(kind="password-reset").exists()


@pytest.mark.parametrize("nonsense", ["9" * 30, "²", "\x00", "-1"])
def test_nonsense_in_an_address_or_a_form_is_never_a_server_error(nonsense, client, world):  # noqa: F811
    client.force_login(world.who.colin)
    asked = dict.fromkeys(("q", "theme", "page", "directorate", "contract", "state"), nonsense)
    for name in ("kpis:kpi-add", "kpis:return-list", "contracts:contract-assign", "contracts:contract-list"):
        assert client.get(address(name, world), asked).status_code in {200, 403, 404}, name
    assert client.post(reverse("contracts:contract-assign"), asked).status_code == 200
    assert client.post(address("kpis:kpi-remove", world), {"version": nonsense}).status_code in {302, 409}


@pytest.mark.parametrize("forged", ["9" * 40, "-1", "1e9", "null", ""])
def test_a_forged_number_in_a_tick_box_is_no_server_error(client, world, forged):  # noqa: F811
    client.force_login(world.who.colin)
    before = Contract.objects.get(pk=world.highways.pk).version
    form = {"title": "Highways resurfacing", "partner_directorates": forged, "deputies": forged}
    if not forged:
        form["title"] = ""
    answer = client.post(address("contracts:contract-edit", world), form)
    assert answer.status_code in (200, 400)
    assert Contract.objects.get(pk=world.highways.pk).version == before
