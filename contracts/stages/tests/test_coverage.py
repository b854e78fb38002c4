"""How far checklists are: figures for everybody, of the contracts each may see, in few queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import CAST, make_contract
from contracts.models import Contract
from contracts.stages.coverage import coverage

PAGE = "/contracts/stages/"


@pytest.mark.parametrize("name", CAST)
def test_everybody_sees_it_for_the_contracts_they_may_see(
    as_person, cast, highways, home_care, unmapped, name
):
    page = as_person(cast[name]).get(PAGE)
    assert page.status_code == 200
    assert page.context["total"] == Contract.objects.visible_to(cast[name]).count()


def test_figures_are_of_the_stage_each_contract_stands_at(answer, colin, highways, home_care, neighbourhoods):
    tender = make_contract("Tender", neighbourhoods, stage="tender")
    for key, verdict in (("live-kpis", "yes"), ("live-returns", "no"), ("pre-consulted", "yes")):
        answer(highways, key, by=colin, verdict=verdict)
    for key in ("live-conversation", "live-next-chance"):
        answer(highways, key, by=colin, words="3 May")
    table = {whole.stage: (whole, cells) for whole, cells in coverage(Contract.objects.all())}
    assert set(table) == {"tender", "live"}
    whole, cells = table["live"]
    assert [(cell.directorate, cell.contracts, cell.complete) for cell in cells] == [
        ("Adult Services", 1, 0), ("Neighbourhoods", 1, 1),
    ]  # fmt: skip
    assert (whole.questions.answered, whole.questions.asked) == (4, 8)
    assert table["tender"][0].contracts == Contract.objects.filter(pk=tender.pk).count()


def test_it_takes_as_many_queries_for_many_contracts_as_for_few(as_person, lena, adults, highways):
    client = as_person(lena)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    for number in range(15):
        make_contract(f"Contract {number}", adults)
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)
    assert len(many) == len(few)
    cell = f"{PAGE}?stage=live&directorate={adults.pk}"
    client.get(cell)
    with CaptureQueriesContext(connection) as few:
        client.get(cell)
    for number in range(15):
        make_contract(f"Another {number}", adults)
    with CaptureQueriesContext(connection) as many:
        client.get(cell)
    assert len(many) == len(few)


def test_each_figure_leads_to_its_contracts(as_person, lena, highways, home_care, unmapped):
    client = as_person(lena)
    text = client.get(PAGE).content.decode()
    query = f"stage=live&amp;directorate={highways.directorate_id}"
    assert f'href="/contracts/?{query}"' in text
    assert f'href="?{query}"' in text
    page = client.get(f"{PAGE}?stage=live&directorate={highways.directorate_id}")
    assert [contract for contract, _ in page.context["rows"]] == [highways]
    page = client.get(f"{PAGE}?stage=live&directorate=none")
    assert [contract for contract, _ in page.context["rows"]] == [unmapped]
    assert len(client.get(f"{PAGE}?stage=live").context["rows"]) == 3


def test_nobody_sees_contracts_of_others_through_it(as_person, colin, highways, home_care, unmapped):
    client = as_person(colin)
    assert not client.get(f"{PAGE}?stage=live&directorate={home_care.directorate_id}").context["rows"]
    assert not client.get(f"{PAGE}?stage=live&directorate=none").context["rows"]


@pytest.mark.parametrize(
    "query", ["stage=nowhere", "stage=live&directorate=x", "stage=live&directorate=99999"]
)
def test_an_address_that_names_no_figure_does_not_exist(as_person, lena, highways, query):
    assert as_person(lena).get(f"{PAGE}?{query}").status_code == 404


def test_it_downloads_as_csv_and_excel(as_person, lena, highways):
    client = as_person(lena)
    lines = b"".join(client.get(f"{PAGE}?format=csv").streaming_content).decode("utf-8-sig").splitlines()
    assert lines[1] == "Live,Neighbourhoods,1,0,4,0"
    assert client.get(f"{PAGE}?format=xlsx")["Content-Type"].startswith("application/vnd.openxml")
    cell = f"{PAGE}?stage=live&directorate={highways.directorate_id}"
    lines = b"".join(client.get(f"{cell}&format=csv").streaming_content).decode("utf-8-sig").splitlines()
    assert lines[1] == f"{highways.number},Highways resurfacing,Neighbourhoods,Priya Shah,Live,4,0"
    assert client.get(f"{cell}&format=xlsx").status_code == 200
