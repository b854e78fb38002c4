"""Pages of £ values: what everybody reads, and what the lead does there."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from django.urls import reverse

from kpis.models import KPITerms, Measure, Proxy
from kpis.proxies.tests.making import make_proxy
from kpis.tests.factories import make_approved_set, make_measure

pytestmark = pytest.mark.django_db

FORM = {
    "name": "Our own value",
    "how": "one",
    "value": "1,234.5678",
    "low": "1000",
    "high": "2000",
    "price_year": "2024",
    "stream": "social",
    "geography": "Calderbeck",
    "is_local": "on",
    "source": "The council's study",
    "licence": "The council's own",
    "lasts_years": "1",
}


def url(name, *args):
    return reverse(f"kpis:{name}", args=args)


def test_the_lead_adds_a_value_that_is_shown_to_the_last_figure(as_person, lena):
    measure = make_measure()
    answer = as_person(lena).post(url("proxy-add", measure.pk), FORM)
    assert answer.status_code == 302, answer.content.decode()
    proxy = measure.proxies.get()
    assert (proxy.values.get().value, proxy.is_local) == (Decimal("1234.5678"), True)
    page = as_person(lena).get(proxy.get_absolute_url()).content.decode()
    assert "£1,234.5678" in page
    assert "£1,000.00 to £2,000.00" in page


def test_values_by_year_are_pasted_and_each_wrong_line_is_named(as_person, lena):
    measure, client = make_measure(), as_person(lena)
    form = {**FORM, "how": "by_year", "by_year": "2026, 5, 6\n2027, five"}
    page = client.post(url("proxy-add", measure.pk), form).content.decode()
    assert "Line 2: value “five” is not a number" in page
    assert "2027, five" in page, "what was typed is kept"
    page = client.post(url("proxy-add", measure.pk), {**form, "by_year": "2026, 5, 6"}).content.decode()
    assert "2026: low (£6.00) must be £5.00, the value, or less" in page
    client.post(url("proxy-add", measure.pk), {**form, "by_year": "2026, 5, 4\n2027, 6"})
    assert list(measure.proxies.get().values.values_list("year", "value")) == [(2026, 5), (2027, 6)]


def test_a_measure_without_a_price_says_why_on_its_page_and_form(as_person, lena):
    measure = make_measure(kind="percentage", roll_up="average", numerator_name="a", denominator_name="b")
    for address in (measure.get_absolute_url(), url("proxy-add", measure.pk)):
        assert (
            "a percentage is never valued as if it were a count"
            in as_person(lena).get(address).content.decode()
        )


def test_replacing_begins_with_what_stands_and_leaves_it(as_person, lena):
    old = make_proxy(make_measure(), lena, "100.25", low="90", high="110")
    address = url("proxy-replace", old.measure_id, old.pk)
    page = as_person(lena).get(address).content.decode()
    assert 'value="100.25"' in page
    assert "A £ value is never edited" in page
    answer = as_person(lena).post(address, {**FORM, "why": "A newer study", "usual": "on"})
    new = Proxy.objects.get(replaces=old)
    assert answer["Location"] == new.get_absolute_url()
    page = as_person(lena).get(old.get_absolute_url()).content.decode()
    assert "Our own value" in page
    assert "Withdrawn" in page
    assert "£100.25" in page
    assert as_person(lena).get(address).status_code == 409
    assert as_person(lena).post(address, {**FORM, "name": "Once more", "why": "Late"}).status_code == 409


def test_withdrawing_asks_why(as_person, lena):
    proxy = make_proxy(make_measure(), lena)
    address = url("proxy-withdraw", proxy.measure_id, proxy.pk)
    assert "Enter why it is withdrawn" in as_person(lena).post(address, {"why": " "}).content.decode()
    as_person(lena).post(address, {"why": "Retracted"})
    proxy.refresh_from_db()
    assert proxy.is_withdrawn


def test_the_local_and_the_national_stand_side_by_side_with_the_difference(as_person, lena, colin):
    measure = make_measure()
    national = make_proxy(measure, lena, "100")
    make_proxy(measure, lena, "130", name="Ours", is_local=True, geography="Calderbeck", price_year=2024)
    page = as_person(colin).get(national.get_absolute_url()).content.decode()
    assert "£30.00 more a unit (30%)" in page
    assert "Prices of different years" in page


def test_the_difference_is_of_what_counts_after_adjustments(as_person, lena):
    measure = make_measure()
    facts = {"deadweight": Decimal(50), "adjustments_why": "Our survey"}
    halved = make_proxy(measure, lena, "100", **facts)
    make_proxy(measure, lena, "60", name="Ours", is_local=True)
    page = as_person(lena).get(halved.get_absolute_url()).content.decode()
    assert "£10.00 more a unit (20%)" in page
    assert "Factor: 0.5 × 1 = 0.5" in page


def test_a_reader_sees_their_own_contracts_among_those_that_use_it(
    as_person, lena, priya, otto, highways, home_care
):
    measure = make_measure()
    proxy = make_proxy(measure, lena)
    for contract in (highways, home_care):
        make_approved_set(contract, dt.date(2026, 4, 1), [(measure, 12)], proxy=proxy)
    page = as_person(lena).get(proxy.get_absolute_url()).content.decode()
    assert "2 KPI sets in force count by it" in page
    page = as_person(priya).get(proxy.get_absolute_url()).content.decode()
    assert highways.title in page
    assert home_care.title not in page
    assert "You can see the contracts of 1" in page


def test_the_list_marks_old_prices_and_its_files_hold_every_year(as_person, colin):
    client, address = as_person(colin), url("proxy-list")
    page = client.get(address).content.decode()
    assert "Government carbon values, November 2023" in page
    text = b"".join(client.get(address, {"format": "csv", "q": "SV-32"}).streaming_content).decode(
        "utf-8-sig"
    )
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 31
    assert rows[6]["Calendar year"] == "2026"
    assert Decimal(rows[6]["£ per unit"]) == Decimal("277.22")
    assert rows[6]["Licence"] == "Open Government Licence v3.0"
    workbook = client.get(address, {"format": "xlsx"})
    assert workbook.status_code == 200
    assert workbook.content[:2] == b"PK"


def test_prices_more_than_five_years_old_are_marked(as_person, lena):
    proxy = make_proxy(make_measure(), lena, price_year=2015)
    years = dt.date.today().year - 2015  # noqa: DTZ011 (the year alone)
    page = as_person(lena).get(url("proxy-list"), {"which": "old"}).content.decode()
    assert f"{years} years old" in page
    assert proxy.name in page
    assert "Government carbon values" not in page or dt.date.today().year > 2027  # noqa: DTZ011


def test_the_list_asks_no_more_queries_for_more_values(as_person, lena, django_assert_max_num_queries):
    client = as_person(lena)
    with django_assert_max_num_queries(40) as few:
        client.get(url("proxy-list"))
    for number in range(6):
        make_proxy(make_measure(), lena, name=f"Value {number}")
    with django_assert_max_num_queries(len(few)):
        client.get(url("proxy-list"))


def test_a_measures_page_lists_its_values_and_those_withdrawn(as_person, lena, colin):
    measure = Measure.objects.get(code="SV-32")
    page = as_person(colin).get(measure.get_absolute_url()).content.decode()
    assert "What one unit is worth" in page
    assert "£253.19 in 2020" in page
    assert "Add a £ value" not in page
    assert "Add a £ value" in as_person(lena).get(measure.get_absolute_url()).content.decode()


def test_a_proxy_is_not_found_under_another_measure(as_person, lena):
    proxy = make_proxy(make_measure(), lena)
    other = make_measure("Another")
    assert as_person(lena).get(url("proxy-page", other.pk, proxy.pk)).status_code == 404


def test_making_it_usual_twice_says_what_stands(as_person, lena):
    proxy = make_proxy(make_measure(), lena)
    answer = as_person(lena).post(url("proxy-make-usual", proxy.measure_id, proxy.pk))
    assert answer.status_code == 409
    assert KPITerms.objects.count() == 0


@pytest.mark.parametrize("value", ["9" * 40, "0." + "1" * 40, "-5", "0", "1e5", "NaN", "£"])
def test_a_figure_nobody_could_mean_is_refused_by_its_field(value, as_person, lena):
    measure, client = make_measure(), as_person(lena)
    for form in (
        {**FORM, "value": value, "low": "", "high": ""},
        {**FORM, "how": "by_year", "by_year": f"2026; {value}"},
    ):
        answer = client.post(url("proxy-add", measure.pk), form)
        assert answer.status_code == 200
        assert "govuk-error-summary" in answer.content.decode()
    assert not measure.proxies.exists()


def test_addresses_with_numbers_no_row_can_have_are_not_found(as_person, lena):
    client, far = as_person(lena), 10**25
    proxy = make_proxy(make_measure(), lena)
    assert client.get(url("proxy-page", far, far)).status_code == 404
    assert client.get(url("deflator-page", far)).status_code == 404
    uplift = url("proxy-uplift", proxy.measure_id, proxy.pk)
    assert client.get(uplift, {"series": str(far), "year": "2024"}).status_code == 200
    assert client.get(uplift, {"series": "x", "year": "9" * 30}).status_code == 200
