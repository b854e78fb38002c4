"""Our Children in the reports: counted across the council, small numbers hidden on pages and in files."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.models import Directorate
from conftest import make_contract
from kpis.library.models import Cohort
from kpis.tests.factories import make_measure
from reporting.tests.making import HERE, MAY, add_up, make_return, promise, table_of
from spreadsheets.reading import open_table

pytestmark = pytest.mark.usefixtures("eleventh_of_june")


@pytest.fixture
def children(db):
    """Return a measure about Our Children alone."""
    cohort = Cohort.objects.filter(is_our_children=True).first() or Cohort.objects.create(
        code="our-children-test", name="Our Children", definition="In care", is_our_children=True
    )
    return make_measure("Our Children in a first job", unit="people-test", cohort=cohort)


@pytest.fixture
def few_children(highways, home_care, children):
    """Three of Our Children in Neighbourhoods, nine in Adult Services and eight in a third directorate."""
    third = make_contract("Bus passes", Directorate.objects.create(name="Transport", slug="transport"))
    for contract, count in ((highways, 3), (home_care, 9), (third, 8)):
        make_return(promise(contract, (children, 24)), MAY, {children: count}, came_on=dt.date(2026, 6, 9))
    add_up()
    return children


def test_small_numbers_are_hidden_on_pages_and_in_files_from_all_but_their_own(
    as_person, sami, ewa, dana, lena, few_children
):
    """Others stand on their contracts' pages, so the total is hidden: the small one would follow from it."""
    url = f"/reports/measures/{few_children.pk}/2026-05/"
    for person in (sami, ewa):
        rows = {r["Directorate"]: r for r in table_of(as_person(person), url, "directorates")}
        reported = {name: row["Reported, 2026/27 to May"] for name, row in rows.items()}
        assert reported == {
            "Neighbourhoods": "Not shown",
            "Adult Services": "9.0000",
            "Transport": "8.0000",
        }
        assert rows["Neighbourhoods"]["Status"] == "Not shown"
        council = table_of(as_person(person), "/reports/council/2026-05/", "measures")
        assert council[0]["Reported, 2026/27 to May"] == "Not shown"
    for person in (dana, lena):
        row = table_of(as_person(person), HERE, "measures")[0]
        assert Decimal(row["Reported, 2026/27 to May"]) == 3


def test_no_page_picture_or_file_gives_a_small_number_away(as_person, sami, few_children, highways):
    """Neither the page, nor its working, nor its picture, nor the workbook holds the three."""
    client = as_person(sami)
    for url in (HERE, f"{HERE}measures/{few_children.pk}/"):
        page = client.get(url).content.decode()
        assert "Not shown" in page
        assert "3 people" not in page
        assert ">3<" not in page
        assert "chart-spark" not in page
    for table in ("contracts", "months"):
        rows = table_of(client, f"{HERE}measures/{few_children.pk}/", table)
        assert not {"3", "3.0000"} & set(rows[0].values())
        assert "Not shown" in rows[0].values()
    response = client.get(HERE, {"table": "measures", "format": "xlsx"})
    book = open_table(response.content, name="measures.xlsx", sheet="Measures", header_row=1)
    cells = [cell for row in book.rows for cell in row.cells]
    assert "Not shown" in cells
    assert Decimal(3) not in [cell for cell in cells if isinstance(cell, int | Decimal)]
    about = open_table(response.content, name="measures.xlsx", sheet="About", header_row=1)
    words = " ".join(str(row.cells[0]) for row in about.rows)
    assert "As at 11 June 2026" in words
    assert "are not shown" in words
    assert "Sami Aziz" in words


def test_our_children_are_counted_across_the_council(as_person, lena, sami, few_children):
    """The lead reads each number; others what gives no small one away."""
    url = "/reports/our-children/2026-05/"
    row = table_of(as_person(lena), url, "own")[0]
    assert [Decimal(row[name]) for name in ("Neighbourhoods", "Adult Services", "Transport", "Council")] == [
        3,
        9,
        8,
        20,
    ]
    assert "How many of Our Children got work?" in as_person(lena).get(url).content.decode()
    row = table_of(as_person(sami), url, "own")[0]
    assert row["Neighbourhoods"] == row["Council"] == "Not shown"
    assert row["Adult Services"] == "9.0000"
