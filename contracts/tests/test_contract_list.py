"""The list of contracts: who sees what, searching, sorting, downloads, a flat number of queries."""

import datetime as dt
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from conftest import make_contract
from contracts.suppliers.finding import find_or_make, link

LIST = "/contracts/"


def titles(response):
    return [contract.title for contract, _ in response.context["rows"]]


def test_each_person_sees_their_own_contracts(as_person, cast, highways, home_care, unmapped):
    seen = {
        "priya": ["Highways resurfacing"],
        "dafydd": ["Highways resurfacing"],
        "colin": ["Highways resurfacing"],
        "dana": ["Highways resurfacing"],
        "della": ["Highways resurfacing"],
        "ewa": ["Highways resurfacing"],
        "otto": ["Home care"],
        "sami": ["Highways resurfacing", "Home care"],
        "lena": ["Day care 1995", "Highways resurfacing", "Home care"],
        "adam": ["Day care 1995", "Highways resurfacing", "Home care"],
    }
    for name, expected in seen.items():
        assert titles(as_person(cast[name]).get(LIST)) == expected, name


def test_somebody_without_a_post_is_told_why_the_list_is_empty(as_person, nadia, highways):
    page = as_person(nadia).get(LIST)
    assert "No contracts here for you" in page.content.decode()


def test_search_finds_by_title_reference_supplier_and_number_in_any_case(
    as_person, lena, highways, home_care
):
    link(highways, [find_or_make("Stonegate Ltd"), find_or_make("Partner & Co")])
    client = as_person(lena)
    for words in ("RESURF", "nb 1001", "nb1001", "stonegate", str(highways.number), "highways partner"):
        assert titles(client.get(LIST, {"q": words})) == ["Highways resurfacing"], words
    assert "No contract matches" in client.get(LIST, {"q": "zzz"}).content.decode()


def test_a_number_too_long_for_the_database_finds_nothing(as_person, lena, highways):
    assert as_person(lena).get(LIST, {"q": "9" * 40}).status_code == 200


def test_filters_narrow_the_list(as_person, lena, priya, highways, home_care, unmapped, neighbourhoods):
    client = as_person(lena)
    ended = make_contract("Old one", neighbourhoods, ends_on=dt.date(2025, 5, 1))
    assert titles(client.get(LIST, {"directorate": "none"})) == ["Day care 1995"]
    assert titles(client.get(LIST, {"manager": priya.pk})) == ["Highways resurfacing"]
    assert titles(client.get(LIST, {"manager": "none"})) == ["Day care 1995", "Old one"]
    assert ended.title not in titles(client.get(LIST, {"live": "on"}))
    assert titles(client.get(LIST, {"stage": "tender"})) == []


def test_unknown_values_stand_last_whichever_way_it_is_sorted(as_person, lena, neighbourhoods):
    for title, value in (("a", None), ("b", Decimal(2)), ("c", Decimal(1))):
        make_contract(title, neighbourhoods, value=value)
    client = as_person(lena)
    assert titles(client.get(LIST, {"sort": "value"})) == ["c", "b", "a"]
    assert titles(client.get(LIST, {"sort": "-value"})) == ["b", "c", "a"]
    assert 'aria-sort="descending"' in client.get(LIST, {"sort": "-value"}).content.decode()


def test_the_list_downloads_as_filtered(as_person, lena, highways, home_care):
    client = as_person(lena)
    csv = b"".join(client.get(LIST, {"q": "home", "format": "csv"}).streaming_content).decode("utf-8-sig")
    assert "Home care" in csv
    assert "Highways" not in csv
    book = openpyxl.load_workbook(BytesIO(client.get(LIST, {"format": "xlsx"}).content))
    assert [row[2].value for row in book.active.iter_rows(min_row=2)] == ["Highways resurfacing", "Home care"]


@pytest.mark.parametrize("who", ["lena", "colin", "priya"])
def test_two_hundred_contracts_cost_no_more_queries_than_ten(
    as_person, cast, who, neighbourhoods, django_assert_max_num_queries, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def build(count):
        for n in range(count):
            make_contract(
                f"C{n}", neighbourhoods, manager=cast["priya"], deputies=[cast["dafydd"]], supplier=f"S{n}"
            )

    build(10)
    client = as_person(cast[who])
    client.get(LIST)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(LIST)
    build(190)
    with CaptureQueriesContext(connection) as many:
        page = client.get(LIST)
    assert len(page.context["rows"]) == 50
    assert len(many) <= len(few)
