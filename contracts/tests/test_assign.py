"""Naming people for one contract or many; contracts without a directorate."""

from accounts.history import history_of
from conftest import make_contract
from contracts import verbs
from contracts.models import Contract, DirectorateMapping


def test_bulk_assignment_reports_on_each_contract_by_itself(
    as_person, lena, colin, otto, highways, home_care
):
    page = as_person(lena).post(
        "/contracts/assign/",
        {"contract": [highways.number, home_care.number], "manager": otto.pk, "commissioner": colin.pk},
    )
    results = {contract.title: error for contract, error in page.context["results"]}
    assert results["Highways resurfacing"] == ""
    assert "Colin Reyes is not a commissioner of Adult Services" in results["Home care"]
    assert "1 done, 1 not" in page.content.decode()
    highways.refresh_from_db()
    assert (highways.manager, highways.commissioner) == (otto, colin)


def test_a_commissioner_assigns_only_in_their_own_directorate(as_person, colin, dafydd, highways, home_care):
    client = as_person(colin)
    client.post("/contracts/assign/", {"contract": [highways.number, home_care.number], "manager": dafydd.pk})
    assert Contract.objects.get(pk=highways.pk).manager == dafydd
    assert Contract.objects.get(pk=home_care.pk).manager.full_name == "Otto Lindqvist"


def test_a_deputy_who_becomes_manager_stops_being_deputy(colin, dafydd, highways):
    verbs.assign(highways, by=colin, manager=dafydd)
    assert list(highways.deputies.all()) == []
    assert ("Deputy contract managers", "Dafydd Pugh", "") in history_of(highways).get().changes


def test_a_contract_manager_may_not_assign(as_person, priya, highways):
    page = as_person(priya).get("/contracts/assign/", {"contract": highways.number})
    assert page.status_code == 403
    assert "Only a commissioner of its directorate" in page.content.decode()


def test_nothing_ticked_says_what_to_do(as_person, lena):
    assert (
        "Tick the contracts in the list first" in as_person(lena).get("/contracts/assign/").content.decode()
    )


def test_a_department_text_moves_all_its_contracts_and_is_kept(as_person, lena, adults, unmapped):
    make_contract("Day care 2", None, directorate_text="Community services")
    other = make_contract("Elsewhere", None, directorate_text="Unknown")
    client = as_person(lena)
    groups = client.get("/contracts/unmapped/").context["groups"]
    assert dict(groups) == {"COMMUNITY SERVICES": 2, "Unknown": 1}
    client.post("/contracts/unmapped/map/", {"text": "COMMUNITY SERVICES", "directorate": adults.pk})
    assert Contract.objects.filter(directorate=adults).count() == 2
    assert history_of(unmapped).get().changes == [("Directorate", "", "Adult Services")]
    assert DirectorateMapping.objects.get().key == "communityservices"
    assert Contract.objects.get(pk=other.pk).directorate is None


def test_only_the_lead_and_administrators_sort_departments(as_person, colin, unmapped):
    assert as_person(colin).get("/contracts/unmapped/").status_code == 403
