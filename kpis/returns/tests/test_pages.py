"""Pages of returns: who sees what, nothing typed is lost, errors lead to their fields."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import make_contract
from kpis.models import Cohort, Evidence, MonthlyReturn
from kpis.returns import verbs
from kpis.returns.tests.conftest import APRIL, MAY, fill_in, reading_of, submitted
from kpis.tests.factories import make_approved_set, make_measure
from kpis.verification import verbs as verification


@pytest.fixture
def page(may):
    """Return May's address."""
    return f"/contracts/{may.contract_id}/returns/2026-05/"


def text_of(answer):
    return answer.content.decode()


def test_the_manager_sees_a_task_list_and_fills_a_kpi_in(as_person, priya, may, weeks, local_spend, page):
    client = as_person(priya)
    assert "Not started" in text_of(client.get(page))
    reading = reading_of(may, weeks)
    edit = f"{page}kpis/{reading.kpi_id}/"
    assert "Count each week once." in text_of(client.get(edit))
    answer = client.post(
        edit, {"version": "1", "answer": "figure", "value": "9", "comment": "", "then": "next"}
    )
    assert answer.url == f"{page}kpis/{reading_of(may, local_spend).kpi_id}/"
    assert reading_of(may, weeks).value == 9
    assert "1 of 2 KPIs done" in text_of(client.get(page))
    client.post(edit, {"version": "2", "answer": "nothing", "value": "", "comment": ""})
    assert reading_of(may, weeks).nothing_to_report


def test_wrong_figures_keep_what_was_typed_beside_a_linked_error(as_person, priya, may, weeks, page):
    edit = f"{page}kpis/{reading_of(may, weeks).kpi_id}/"
    shown = text_of(
        as_person(priya).post(
            edit, {"version": "1", "answer": "figure", "value": "-9", "comment": "Typed before"}
        )
    )
    assert 'href="#id_value"' in shown
    assert 'value="-9"' in shown
    assert "Typed before" in shown
    assert "<title>Error: " in shown


def test_a_file_goes_with_the_figure_and_a_wrong_one_holds_both_back(as_person, priya, may, weeks, page):
    edit = f"{page}kpis/{reading_of(may, weeks).kpi_id}/"
    client = as_person(priya)
    given = {"version": "1", "answer": "figure", "value": "9", "kind": "training"}
    bad = client.post(edit, {**given, "file": SimpleUploadedFile("letter.pdf", b"<html>")})
    assert "content is something else" in text_of(bad)
    assert reading_of(may, weeks).value is None
    assert (
        client.post(edit, {**given, "file": SimpleUploadedFile("letter.pdf", b"%PDF-1")}).status_code == 302
    )
    assert Evidence.objects.get().readings.get() == reading_of(may, weeks)


def test_a_second_person_sees_theirs_beside_mine_and_can_then_keep_either(
    as_person, priya, dafydd, may, weeks, page
):
    reading = reading_of(may, weeks)
    edit = f"{page}kpis/{reading.kpi_id}/"
    verbs.save_reading(reading, by=dafydd, value=Decimal(12), comment="From the college")
    client = as_person(priya)
    mine = {"version": "1", "answer": "figure", "value": "9", "comment": "From the site"}
    answer = client.post(edit, mine)
    shown = text_of(answer)
    assert answer.status_code == 409
    assert "Dafydd Pugh saved" in shown
    assert "12 weeks" in shown
    assert "From the college" in shown
    assert 'value="9"' in shown
    assert "From the site" in shown
    assert reading_of(may, weeks).value == 12
    client.post(edit, {**mine, "version": "2"})
    assert reading_of(may, weeks).value == 9


def grid(may, weeks, local_spend, **changes):
    count, share = (f"k{reading_of(may, measure).kpi_id}" for measure in (weeks, local_spend))
    data = {
        f"{count}-version": "1", f"{count}-value": "9", f"{count}-comment": "",
        f"{share}-version": "1", f"{share}-numerator": "40", f"{share}-denominator": "100",
        f"{share}-comment": "",
    }  # fmt: skip
    return {**data, **{f"{count}-{name}": value for name, value in changes.items()}}


def test_the_grid_saves_all_kpis_in_one_form(as_person, priya, may, weeks, local_spend, page):
    client = as_person(priya)
    assert client.get(f"{page}all-kpis/").status_code == 200
    assert client.post(f"{page}all-kpis/", grid(may, weeks, local_spend)).status_code == 302
    assert reading_of(may, weeks).value == 9
    assert reading_of(may, local_spend).denominator == 100


def test_in_the_grid_one_mistake_holds_up_nothing_else(
    as_person, priya, dafydd, may, weeks, local_spend, page
):
    client = as_person(priya)
    shown = text_of(client.post(f"{page}all-kpis/", grid(may, weeks, local_spend, value="many")))
    assert f'href="#id_k{reading_of(may, weeks).kpi_id}-value"' in shown
    assert 'value="many"' in shown
    assert reading_of(may, local_spend).numerator == 40
    verbs.save_reading(reading_of(may, weeks), by=dafydd, value=Decimal(12))
    answer = client.post(f"{page}all-kpis/", grid(may, weeks, local_spend, value="8"))
    assert answer.status_code == 409
    assert "Saved meanwhile: 12 weeks." in text_of(answer)
    assert 'value="8"' in text_of(answer)
    assert reading_of(may, weeks).value == 12


def test_submitting_shows_every_problem_linked_and_then_goes_through(
    as_person, priya, may, weeks, local_spend, page
):
    client = as_person(priya)
    verbs.save_reading(reading_of(may, weeks), by=priya, value=Decimal(1))
    may.refresh_from_db()
    shown = text_of(client.post(f"{page}check/", {"version": may.version}))
    assert f'href="{page}kpis/{reading_of(may, local_spend).kpi_id}/#id_numerator"' in shown
    assert f'href="{page}kpis/{reading_of(may, weeks).kpi_id}/#id_comment"' in shown
    for name in ("checked", "period", "commitment"):
        assert f'href="#id_{name}"' in shown
    fill_in(may, priya)
    confirmed = dict.fromkeys(("checked", "period", "commitment"), "on")
    stale = client.post(f"{page}check/", {"version": may.version, **confirmed})
    assert stale.status_code == 409
    assert "Somebody changed this return" in text_of(stale)
    may.refresh_from_db()
    done = client.post(f"{page}check/", {"version": may.version, **confirmed}, follow=True)
    assert "Return submitted" in text_of(done)
    assert client.get(f"{page}check/").status_code == 409


def test_benefits_the_supplier_and_evidence_have_pages_of_their_own(as_person, priya, may, weeks, page):
    client = as_person(priya)
    client.post(f"{page}additional-benefits/", {"version": may.version, "text": "Painted the hall"})
    client.post(f"{page}supplier/", {"note": "Timesheets"})
    shown = text_of(client.get(page))
    assert "Timesheets" in shown
    assert client.get(f"{page}supplier/answered/").status_code == 405
    client.post(f"{page}supplier/answered/")
    may.refresh_from_db()
    assert (may.additional_benefits, may.awaiting_supplier_since) == ("Painted the hall", None)
    answer = client.post(f"{page}evidence/new/", {"kind": "training"})
    assert 'href="#id_file"' in text_of(answer)
    given = {
        "kind": "training", "readings": [reading_of(may, weeks).pk],
        "file": SimpleUploadedFile("letter.pdf", b"%PDF-1"),
    }  # fmt: skip
    assert client.post(f"{page}evidence/new/", given).status_code == 302
    withdraw = f"/evidence/{Evidence.objects.get().pk}/withdraw/"
    assert client.get(withdraw).status_code == 200
    assert client.post(withdraw, {"reason": "Wrong month"}).status_code == 302
    assert "Wrong month" in text_of(client.get(page))


@pytest.mark.parametrize(
    "part", ["all-kpis/", "check/", "supplier/", "evidence/new/", "additional-benefits/"]
)
@pytest.mark.parametrize("name", ["colin", "dana", "lena", "ewa", "sami", "adam", "della", "oscar", "nadia"])
def test_nobody_else_reaches_the_pages_of_filling_in(cast, as_person, page, part, name):
    expected = 404 if name in {"oscar", "nadia"} else 403
    assert as_person(cast[name]).get(page + part).status_code == expected


@pytest.mark.parametrize("name", ["ewa", "sami", "della"])
def test_members_see_figures_only_once_they_are_submitted(cast, as_person, may, page, name):
    fill_in(may, cast["priya"], comment="Not for members yet")
    client = as_person(cast[name])
    before = text_of(client.get(page))
    assert "Not submitted yet" in before
    assert "Not for members yet" not in before
    submitted(may, cast["priya"], comment="As planned")
    assert "As planned" in text_of(client.get(page))
    verification.send_back(may, by=cast["lena"], reason="Between us")
    fill_in(may, cast["priya"], value=71318, comment="Being corrected")
    after = text_of(client.get(page))
    assert "As planned" in after
    for secret in ("Being corrected", "Between us", "71,318", "71318"):
        assert secret not in after


def test_members_see_no_small_groups_and_no_file_names(as_person, highways, sami, dana, priya):
    children = Cohort.objects.create(code="test-children", name="Test children", definition="In our care")
    hired = make_measure("People hired", unit="test-people", splits=[children])
    small = make_measure("Care leavers hired", unit="test-people", cohort=children)
    make_approved_set(highways, MAY, [(hired, 24), (small, 12)])
    verbs.open_month(MAY)
    item = MonthlyReturn.objects.get()
    verbs.save_reading(reading_of(item, hired), by=priya, value=Decimal(77), cohort_counts={children.pk: 3})
    verbs.save_reading(reading_of(item, small), by=priya, value=Decimal(2))
    verbs.add_evidence(
        item, by=priya, file=SimpleUploadedFile("Jo Bloggs.pdf", b"%PDF-1"), kind="starters",
        readings=[reading_of(item, hired)],
    )  # fmt: skip
    verbs.submit(item, by=priya, confirmations=set(verbs.CONFIRMATIONS))
    shown = text_of(as_person(sami).get(item.get_absolute_url()))
    assert "77" in shown
    assert "Test children: Not shown" in shown
    assert "2 of 1" not in shown
    assert "Anonymised list of starters" in shown
    assert "Jo Bloggs" not in shown
    close = text_of(as_person(dana).get(item.get_absolute_url()))
    assert "Test children: 3" in close
    assert "2 of 1" in close
    assert "Jo Bloggs.pdf" in close


def test_the_list_holds_what_needs_doing_first_and_narrows(
    as_person, priya, lena, highways, home_care, may, weeks, otto
):
    make_approved_set(home_care, APRIL, [(weeks, 12)])
    verbs.open_month(APRIL)
    submitted(MonthlyReturn.objects.get(contract=highways, month=APRIL), priya)
    mine = text_of(as_person(priya).get("/returns/"))
    assert "My returns" in mine
    assert "Home care" not in mine
    assert mine.index("May 2026</td>") < mine.index("April 2026</td>")
    client = as_person(lena)
    late = text_of(client.get("/returns/?state=late"))
    assert "Home care" in late
    assert "Otto Lindqvist" in late
    narrowed = text_of(client.get("/returns/?state=submitted&directorate=neighbourhoods&month=2026-04"))
    assert "Home care" not in narrowed
    assert "Highways resurfacing" in narrowed
    assert client.get("/returns/?month=May&state=x&page=z").status_code == 200


def test_the_list_costs_the_same_for_two_as_for_forty(as_person, priya, lena, neighbourhoods, weeks):
    for number in range(2):
        make_approved_set(make_contract(f"A{number}", neighbourhoods, manager=priya), APRIL, [(weeks, 12)])
    verbs.open_month(MAY)
    client = as_person(priya)
    client.get("/returns/")
    with CaptureQueriesContext(connection) as few:
        client.get("/returns/")
    for number in range(38):
        make_approved_set(make_contract(f"B{number}", neighbourhoods, manager=priya), APRIL, [(weeks, 12)])
    verbs.open_month(MAY)
    with CaptureQueriesContext(connection) as many:
        client.get("/returns/")
    assert len(many) == len(few)


def test_a_return_costs_the_same_for_two_kpis_as_for_ten(as_person, priya, neighbourhoods):
    counts = []
    for number in (2, 10):
        contract = make_contract(f"C{number}", neighbourhoods, manager=priya)
        measures = [make_measure(f"M{number}-{each}", unit="test-unit") for each in range(number)]
        make_approved_set(contract, APRIL, [(measure, 12) for measure in measures])
        verbs.open_month(MAY)
        client = as_person(priya)
        address = MonthlyReturn.objects.get(contract=contract).get_absolute_url()
        client.get(address)
        for part in ("", "all-kpis/", "check/"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address + part).status_code == 200
            counts.append(len(queries))
    assert counts[:3] == counts[3:]


def test_words_on_benefits_meet_a_colleagues_and_both_are_kept(as_person, priya, dafydd, may, page):
    client = as_person(priya)
    form = {"version": may.version, "read": "", "text": "Painted the hall"}
    fill_in(may, dafydd)
    assert client.post(f"{page}additional-benefits/", form).status_code == 302
    answer = client.post(f"{page}additional-benefits/", {**form, "text": "Planted trees"})
    assert answer.status_code == 409
    assert "Planted trees" in text_of(answer)
    assert "Painted the hall" in text_of(answer)


@pytest.mark.parametrize(
    ("kind", "given", "shown"),
    [
        ("yes_no", {"value": "1"}, "Yes"),
        ("yes_no", {"value": "0"}, "No"),
        ("money", {"value": "£1,250.50"}, "£1,250.50"),
        ("milestone", {"date_value_0": "3", "date_value_1": "5", "date_value_2": "2026"}, "3 May 2026"),
        ("text", {"text_value": "Held two open days"}, "Held two open days"),
    ],
)
def test_every_kind_of_figure_is_entered_submitted_and_verified(
    as_person, priya, lena, highways, kind, given, shown
):
    measure = make_measure("Measure", unit="test-unit", kind=kind, roll_up="latest", places=2)
    make_approved_set(highways, MAY, [(measure, 1)])
    verbs.open_month(MAY)
    item = MonthlyReturn.objects.get()
    page, kpi = item.get_absolute_url(), reading_of(item, measure).kpi_id
    client = as_person(priya)
    for edit, prefix in ((f"{page}kpis/{kpi}/", ""), (f"{page}all-kpis/", f"k{kpi}-")):
        version = reading_of(item, measure).version
        data = {f"{prefix}{name}": value for name, value in given.items()}
        answer = client.post(
            edit, {f"{prefix}version": version, "answer": "figure", f"{prefix}comment": "Why", **data}
        )
        assert answer.status_code == 302, text_of(answer)
        assert shown in text_of(client.get(page))
        assert client.get(edit).status_code == 200
    verbs.submit(item, by=priya, confirmations=set(verbs.CONFIRMATIONS))
    client = as_person(lena)
    assert shown in text_of(client.get(f"{page}verify/"))
    verification.verify(item, by=lena)
    assert shown in text_of(client.get(page))


def test_a_month_that_is_none_is_no_page(as_person, lena, may):
    client = as_person(lena)
    for wrong in ("2026-13", "2026-06", "may"):
        assert client.get(f"/contracts/{may.contract_id}/returns/{wrong}/").status_code == 404
    assert dt.date(2026, 5, 1) == may.month
