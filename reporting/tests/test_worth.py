"""£ on pages and in files: traceable, ranged, the two kinds apart, and nothing about a few people."""

from decimal import Decimal

import pytest

from conftest import make_contract
from contracts.models import Supplier
from kpis.models import Cohort
from kpis.tests.factories import make_measure
from kpis.valuation.tests.making import make_proxy, price
from reporting.tests.making import APRIL, MAY, NOW, add_up, make_return, promise, table_of

pytestmark = pytest.mark.django_db
COUNCIL = "/reports/council/2026-05/"
HERE = "/reports/directorates/neighbourhoods/2026-05/"


@pytest.fixture(autouse=True)
def _one_day(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def hours(db):
    return make_measure("Volunteer hours", unit="test-hours")


@pytest.fixture
def spend(db):
    return make_measure("Spend with local firms", kind="money", unit="test-pounds")


@pytest.fixture
def children(db):
    return make_measure(
        "Our Children hired", unit="test-people", cohort=Cohort.objects.get(is_our_children=True)
    )


@pytest.fixture
def valued(highways, hours, spend, children):
    """Promise three measures with a £ value, one about a few people, and report April."""
    kpi_set = promise(highways, (hours, 1200), (spend, 50000), (children, 12))
    price(
        kpi_set,
        make_proxy(hours, ("16.93", "8", "25"), deadweight=Decimal(10)),
        make_proxy(spend, "0.4", stream="local", name="Local multiplier"),
        make_proxy(children, "20003"),
    )
    make_return(kpi_set, APRIL, {hours: 90, spend: 4000, children: 3}, verified={hours: 80})
    add_up()
    return kpi_set


def totals_in(client, url):
    """Return (kind, figure) -> (£, low, high) of a page's file of totals."""
    return {
        (row["Counts as"], row["Figure"]): (row["£"], row["£ low"], row["£ high"])
        for row in table_of(client, url, "worth")
    }


def test_the_council_reads_each_figure_with_its_range_and_the_two_kinds_apart(as_person, sami, valued):
    client = as_person(sami)
    totals = totals_in(client, COUNCIL)
    # 90 hours x 0.9 x 16.93, 8 and 25.
    assert totals["Additional social value", "Reported"] == ("1371.33", "648.00", "2025.00")
    assert totals["Additional social value", "Committed"] == ("18284.40", "8640.00", "27000.00")
    assert totals["Local economic value", "Reported"] == ("1600.00", "1600.00", "1600.00")
    page = client.get(COUNCIL).content.decode()
    assert "£18.3k of additional social value and, apart, £20k of local economic value" in page
    assert 'href="/reports/council/2026-05/worth/"' in page


def test_every_pound_leads_to_its_line_with_source_and_price_year(as_person, sami, valued, hours, spend):
    client = as_person(sami)
    for url in (f"{COUNCIL}worth/", f"{HERE}worth/", f"/contracts/{valued.contract_id}/worth/"):
        page = client.get(url).content.decode()
        assert f'id="worth-{hours.pk}"' in page
        for words in (
            "A published table",
            "in prices of 2025",
            "× £16.93",
            "£8 to £25",
            "£1,371.33",
            "10% taken off, because it would have happened anyway",
            "stands in its last month",
        ):
            assert words in page, (url, words)  # fmt: skip
    alone = client.get(f"{COUNCIL}worth/", {"measure": spend.pk}).content.decode()
    assert f'id="worth-{spend.pk}"' in alone
    assert f'id="worth-{hours.pk}"' not in alone
    assert client.get(f"{COUNCIL}worth/", {"measure": "none"}).status_code == 404
    lines = table_of(client, COUNCIL, "workings")
    line = next(row for row in lines if row["Figure"] == "Reported" and row["Code"] == hours.code)
    assert line["Units"] == "90.0000"
    assert Decimal(line["£ (exact)"]) == Decimal("1371.33")
    assert line["Edition"] == "Test framework, 1"


def test_a_members_pages_and_files_say_nothing_of_what_a_few_people_are_worth(
    as_person, sami, ewa, dana, lena, priya, valued, children, highways
):
    """3 x £20,003 would tell how many they are, what a unit is worth being public; so would a total."""
    supplier = Supplier.objects.get(name="Fellside Works Ltd")
    measure = f"/reports/measures/{children.pk}/2026-05/"
    inside = f"{HERE}measures/{children.pk}/"
    theme = f"/reports/themes/{children.theme_id}/2026-05/"
    pages = [
        COUNCIL, HERE, f"{COUNCIL}worth/", f"{HERE}worth/", measure, inside, theme, f"{theme}worth/",
        highways.get_absolute_url(), f"/contracts/{highways.pk}/worth/", f"/suppliers/{supplier.pk}/",
        f"/suppliers/{supplier.pk}/worth/", valued.get_absolute_url(),
    ]  # fmt: skip
    files = [
        (COUNCIL, "measures"), (COUNCIL, "worth"), (COUNCIL, "workings"), (HERE, "workings"),
        (f"{COUNCIL}worth/", "workings"), (measure, "directorates"), (measure, "workings"),
        (inside, "contracts"), (theme, "workings"), (theme, "measures"),
        (f"/contracts/{highways.pk}/worth/", "workings"), (f"/suppliers/{supplier.pk}/worth/", "worth"),
    ]  # fmt: skip
    secret = ("60009", "60,009", "£60k", "240036", "240,036", "£240k")
    for person in (sami, ewa):
        client = as_person(person)
        texts = {url: client.get(url).content.decode() for url in pages}
        for url, table in files:
            response = client.get(url, {"table": table, "format": "csv"})
            assert response.status_code == 200, (url, table)
            texts[f"{url}#{table}"] = b"".join(response).decode()
        for where, text in texts.items():
            for words in secret:
                assert words not in text, (person, where, words)
        assert "1 KPI about a group of people is in no total here" in texts[COUNCIL]
    assert "£60k" in as_person(lena).get(f"{COUNCIL}worth/").content.decode()
    assert "£60k" in as_person(dana).get(f"{HERE}worth/").content.decode()
    assert "£60k" in as_person(priya).get(highways.get_absolute_url()).content.decode()


def test_everybody_reads_the_same_headline(as_person, sami, ewa, lena, adam, dana, valued):
    council = [totals_in(as_person(person), COUNCIL) for person in (sami, ewa, lena, adam)]
    assert all(one == council[0] for one in council)
    here = [totals_in(as_person(person), HERE) for person in (sami, dana, lena)]
    assert all(one == here[0] for one in here)
    assert here[0] == council[0]


def test_kpis_without_pounds_are_counted_and_named(as_person, sami, highways, hours, spend):
    kpi_set = promise(highways, (hours, 1200), (spend, 60000))
    price(kpi_set, make_proxy(hours, "10"))
    add_up()
    page = as_person(sami).get(COUNCIL).content.decode()
    assert "1 KPI of the 2 in force carries no £ value" in page
    assert "Spend with local firms (1 KPI): no £ value is set for it" in page


def test_a_council_without_values_says_so_and_shows_no_pounds(as_person, sami, highways, hours):
    promise(highways, (hours, 1200))
    add_up()
    page = as_person(sami).get(COUNCIL).content.decode()
    assert "Nothing here has a £ value yet" in page


def test_the_contract_page_shows_pounds_beside_the_count_and_their_share_of_the_value(
    as_person, priya, valued, highways
):
    page = as_person(priya).get(highways.get_absolute_url()).content.decode()
    assert "£1,371.33" in page
    # 18,284.40 of 2.4 million.
    assert "Additional social value: 0.8% committed and 0.1% reported" in page
    assert "is not money saved or earned" in page
    assert f"/contracts/{highways.pk}/worth/" in page


def test_a_set_for_decision_says_what_it_is_worth_against_the_one_before(as_person, dana, valued, hours):
    contract = valued.contract
    later = promise(contract, (hours, 2400))
    price(later, hours.proxies.get())
    page = as_person(dana).get(later.get_absolute_url()).content.decode()
    assert "What it is worth" in page
    assert "£36.6k" in page
    assert "£18.3k more than set 1" in page
    assert "Nothing any more" in page


def test_figures_of_two_editions_are_added_up_only_by_name(as_person, sami, valued, spend):
    other = make_measure("Trees", unit="test-trees")
    framework = other.framework
    framework.pk, framework.edition = None, "2"
    framework.save()
    theme = other.theme
    theme.pk, theme.framework = None, framework
    theme.save()
    other.theme, other.framework = theme, framework
    other.save()
    parks = make_contract("Parks", valued.contract.directorate)
    price(promise(parks, (other, 10)), make_proxy(other, "5"))
    page = as_person(sami).get(COUNCIL).content.decode()
    assert "measures of 2 editions: Test framework, 1; Test framework, 2" in page


@pytest.mark.parametrize("contracts", [1, 5])
def test_a_page_of_workings_costs_the_same_for_any_number_of_contracts(
    as_person, sami, neighbourhoods, hours, spend, contracts, django_assert_max_num_queries
):
    proxies = make_proxy(hours, "10"), make_proxy(spend, "0.4", stream="local")
    for n in range(contracts):
        kpi_set = price(
            promise(make_contract(f"C{n}", neighbourhoods), (hours, 120), (spend, 1200)), *proxies
        )
        make_return(kpi_set, MAY, {hours: 9, spend: 80})
    client = as_person(sami)
    with django_assert_max_num_queries(25):
        client.get(f"{COUNCIL}worth/")
    with django_assert_max_num_queries(55):
        client.get(f"/reports/themes/{hours.theme_id}/2026-05/")


def test_a_theme_counts_its_own_measures_and_those_that_point_to_it(
    as_person, sami, dana, valued, hours, spend
):
    other = make_measure("Trees", unit="test-trees").theme
    other.pk, other.code, other.title = None, "T9", "A greener city"
    other.save()
    hours.also_under.add(other)
    client = as_person(sami)
    url = f"/reports/themes/{other.pk}/2026-05/"
    page = client.get(url).content.decode()
    assert "counts here too" in page
    assert "Volunteer hours" in page
    assert "Spend with local firms" not in page
    assert "?directorate=neighbourhoods" in page
    assert set(totals_in(client, url)) == {
        ("Additional social value", figure) for figure in ("Committed", "Due", "Reported", "Verified")
    }
    part = client.get(url, {"directorate": "neighbourhoods"}).content.decode()
    assert 'name="directorate" value="neighbourhoods"' in part
    # A director reads the theme for the directorate of hers.
    assert "Neighbourhoods" in as_person(dana).get(url).content.decode()
    hours.also_under.clear()
    assert "No measure counts under this theme" in as_person(sami).get(url).content.decode()


def test_who_reads_no_report_reads_no_theme(as_person, priya, nadia, hours):
    for person in (priya, nadia):
        response = as_person(person).get(f"/reports/themes/{hours.theme_id}/2026-05/")
        assert response.status_code == 403
        assert as_person(person).get("/reports/themes/").status_code == 403


def test_what_a_local_value_makes_of_it_stands_on_the_measures_report(as_person, sami, highways, hours):
    kpi_set = price(promise(highways, (hours, 1200)), make_proxy(hours, "10"))
    make_proxy(hours, "12", name="Calderbeck value", is_local=True)
    make_return(kpi_set, APRIL, {hours: 90})
    add_up()
    page = as_person(sami).get(f"/reports/measures/{hours.pk}/2026-05/").content.decode()
    assert "Calderbeck value (local) against National value" in page
    assert "£14.4k" in page
    assert "£180" in page
