"""The register comes in again a year later: other headings, other dates, other names, and work done here."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.calendar import first_of_month, today
from accounts.history import history_of
from accounts.models import Directorate, HistoryRow
from contracts import verbs as contract_verbs
from contracts.models import Contract, ContractSupplier, RegisterImport, Supplier
from contracts.register.tests.files import FIELDS, HEADINGS, csv_file, row
from contracts.suppliers import merging
from contracts.suppliers.finding import find_or_make
from kpis.lifecycle import verbs as lifecycle
from kpis.models import KPISet, MonthlyReturn, Reading
from kpis.tests.factories import make_measure
from kpis.totals import verbs as totals
from reporting.tests.making import APRIL, MAY, make_return, promise

FIRST = [
    row(reference="R1", title="Grounds maintenance"),
    row(reference="R2", title="Street lighting", supplier="Lumen Ltd", company=""),
    row(reference="R3", title="Minibuses", supplier="Dale Coaches Ltd", company="", value="900"),
    row(reference="R4", title="Lot 1: north", supplier="Roads Ltd", company="", value="10"),
    row(reference="R4", title="Lot 2: south", supplier="Roads Ltd", company="", value="20"),
    row(reference="R6", title="Day care", department="Adult Services", supplier="Oak CIC", company=""),
    row(reference="R7", title="Tree works", supplier="Oak Trees", company="", end="31/03/2026"),
]
# The same columns in another order under the headings of another year, one of them new.
LATER_HEADINGS = {
    "title": "CONTRACT_TITLE",
    "reference": "CONTRACT_REF",
    "supplier": "WINNING_BIDDER",
    "company": "Companies House number",
    "department": "Service Area",
    "start": "Validity Period Start",
    "end": "Validity Period End",
    "last": "MAXIMUM_CONTRACT_END_DATE",
    "value": "Original Contract Value",
    "description": "SHORT_DESCRIPTION",
    "sme": "awarded_to_sme",
    "vcse": "Awarded to VCSE",
}


def later_file(rows):
    """Return the rows as next year's register has them: title rows above, other headings and order."""
    names = list(LATER_HEADINGS)
    cells = [[one[name] for name in names] + ["2027"] for one in rows]
    headings = [*LATER_HEADINGS.values(), "Procurement year"]
    return csv_file(cells, headings=headings, above=[["Contracts register"], [], ["April 2027"]])


def later(place, **facts):
    """Return a row of the first register with facts that changed since."""
    return {**FIRST[place], **facts}


def counts(found):
    return (
        found["created"],
        found["updated"],
        found["unchanged"],
        len(found["repeated"]),
        len(found["rejected"]),
    )


def get(reference, **more):
    return Contract.objects.get(reference=reference, **more)


@pytest.fixture
def register(bring_in, neighbourhoods, adults, colin, lena):
    """Return the first register as imported."""
    found = bring_in(FIRST)
    assert counts(found) == (7, 0, 0, 0, 0)
    assert found["not_in_file"] == []
    return found


@pytest.fixture
def reported(register):
    """Return the grounds contract with approved KPIs and two months' returns, and true totals."""
    weeks = make_measure("Apprenticeship weeks")
    kpi_set = promise(get("R1"), (weeks, 120))
    for month in (APRIL, MAY):
        make_return(kpi_set, month, {weeks: 9})
    totals.rebuild()
    return get("R1")


def figures():
    """Return everything reported, as a reader would compare it."""
    return (
        list(KPISet.objects.order_by("pk").values_list("contract", "number", "status", "content_hash")),
        list(MonthlyReturn.objects.order_by("pk").values_list("contract", "month", "status", "directorate")),
        list(Reading.objects.order_by("pk").values_list("contract", "month", "target", "reported_value")),
    )


def test_under_other_headings_in_another_row_every_contract_is_found_again(register, bring_in):
    found = bring_in(later_file(FIRST))
    assert counts(found) == (0, 0, 7, 0, 0)
    assert found["columns"]["supplier_text"] == "WINNING_BIDDER"
    assert found["header_row"] == 4


def test_the_year_in_one_file_changes_only_what_it_says_and_no_figure(reported, bring_in, lena):
    before = figures()
    contract_verbs.edit(get("R2"), by=lena, value=Decimal(77), manager=None)
    found = bring_in(
        later_file(
            [
                later(0, end="31/03/2030", value="£1,300"),
                later(1, value="2,000"),
                later(3),
                later(4, value="25"),
                row(reference="R4", title="Lot 3: west", supplier="Roads Ltd", company="", value="30"),
                later(5, supplier="Elder Oak CIC"),
                row(
                    reference="R9", title="Bus shelters", supplier="Glass Ltd", company="", start="01/04/2027"
                ),
            ]
        )
    )
    assert counts(found) == (2, 3, 2, 0, 0)
    assert found["conflicts"] == [{"row": 6, "field": "Value (£)", "kept": "£77", "file": "£2,000"}]
    assert found["not_in_file"] == [get("R3").pk, get("R7").pk]
    assert "2 contracts were imported before and are not in this file" in str(found["warnings"])
    assert get("R1").ends_on == dt.date(2030, 3, 31)
    assert Contract.objects.filter(reference="R4").count() == 3
    assert get("R3").value == 900
    assert figures() == before
    assert totals.check() == []


def test_a_supplier_that_the_register_changed_is_a_correction_told_in_the_history(register, bring_in):
    care = get("R6")
    bring_in([*FIRST[:5], later(5, supplier="Elder Oak CIC"), FIRST[6]])
    (link,) = care.supplier_links.all()
    assert (link.supplier.name, link.until, link.since) == ("Elder Oak CIC", None, None)
    last = history_of(care).first()
    assert (last.before["Supplier"], last.after["Supplier"]) == ("Oak CIC", "Elder Oak CIC")


def test_a_novation_here_stands_whatever_the_register_says(register, bring_in, lena):
    buses = get("R3")
    lifecycle.novate(buses, by=lena, suppliers=["Mere Minibuses Ltd"], on=dt.date(2026, 4, 1))
    links = list(buses.supplier_links.values_list("supplier__name", "since", "until"))
    rest = [one for one in FIRST if one["reference"] != "R3"]
    # It still names the old supplier, then corrects its number, then says something else, then catches up.
    assert counts(bring_in(FIRST)) == (0, 0, 7, 0, 0)
    bring_in([*rest, later(2, company="01112223")])
    found = bring_in(later_file([*rest, later(2, supplier="Third Coaches Ltd", company="01112223")]))
    assert [one["field"] for one in found["conflicts"]] == ["Supplier"]
    found = bring_in(later_file([*rest, later(2, supplier="Mere Minibuses Ltd", end="31/03/2031")]))
    assert (found["conflicts"], get("R3").ends_on) == ([], dt.date(2031, 3, 31))
    assert list(buses.supplier_links.values_list("supplier__name", "since", "until")) == links
    assert Contract.objects.count() == 7


def test_a_correction_after_a_novation_replaces_the_present_supplier_and_keeps_the_past_one(
    register, bring_in, lena
):
    buses = get("R3")
    lifecycle.novate(buses, by=lena, suppliers=["Mere Minibuses Ltd"], on=dt.date(2026, 4, 1))
    bring_in([*FIRST[:2], later(2, supplier="Mere Minibuses Ltd"), *FIRST[3:]])
    bring_in([*FIRST[:2], later(2, supplier="Mere Minibus Hire Ltd"), *FIRST[3:]])
    links = buses.supplier_links.order_by("pk").values_list("supplier__name", "since", "until")
    assert list(links) == [
        ("Dale Coaches Ltd", None, dt.date(2026, 3, 31)),
        ("Mere Minibus Hire Ltd", dt.date(2026, 4, 1), None),
    ]


def test_an_extension_made_here_is_not_thrown_back(register, bring_in, lena):
    lifecycle.extend(get("R1"), by=lena, to=dt.date(2031, 3, 31), note="Clause 4")
    found = bring_in([later(0, end="30/09/2030"), *FIRST[1:]])
    assert found["conflicts"] == [
        {"row": 2, "field": "End date", "kept": "31 March 2031", "file": "30 September 2030"}
    ]
    assert get("R1").last_day == dt.date(2031, 3, 31)
    found = bring_in([later(0, end="31/03/2031"), *FIRST[1:]])
    assert (found["conflicts"], get("R1").last_day) == ([], dt.date(2031, 3, 31))
    bring_in([later(0, end="31/03/2032"), *FIRST[1:]])
    assert get("R1").last_day == dt.date(2032, 3, 31)


def test_a_termination_and_a_suspension_made_here_are_not_thrown_back(reported, bring_in, lena):
    lifecycle.terminate(get("R2"), by=lena, on=dt.date(2026, 3, 31), reason="Insolvent")
    ended = get("R2")
    found = bring_in([FIRST[0], later(1, end="31/03/2030", value="5"), *FIRST[2:]])
    assert [(one["field"], one["kept"]) for one in found["conflicts"]] == [("End date", "31 March 2026")]
    now = get("R2")
    assert (now.stage, now.terminated_on, now.last_day) == (ended.stage, ended.terminated_on, ended.last_day)
    assert now.value == 5


def test_a_move_to_another_directorate_made_here_stays_and_is_listed(register, bring_in, lena, adults):
    lifecycle.move(get("R2"), by=lena, directorate=adults, from_month=first_of_month(today()))
    assert counts(bring_in(FIRST)) == (0, 0, 7, 0, 0)
    place = Directorate.objects.create(name="Place", slug="place")
    found = bring_in([FIRST[0], later(1, department="Place"), *FIRST[2:]])
    assert [(one["field"], one["kept"], one["file"]) for one in found["conflicts"]] == [
        ("Directorate", "Adult Services", "Place")
    ]
    assert get("R2").directorate == adults
    assert place.contracts.count() == 0


@pytest.mark.parametrize("known", [False, True])
def test_a_directorate_renamed_in_the_register_moves_no_contract_until_somebody_says_what_it_is(
    register, bring_in, lena, neighbourhoods, known
):
    renamed = [
        {**one, "department": "Places and Climate"} if one["department"] == "Neighbourhoods" else one
        for one in FIRST
    ]
    if known:
        contract_verbs.set_directorate("Places and Climate", neighbourhoods, by=lena)
    found = bring_in(renamed)
    assert (found["created"], found["rejected"], found["conflicts"]) == (0, [], [])
    assert get("R1").directorate == neighbourhoods
    assert Contract.objects.unmapped().count() == 0
    stays = "“Places and Climate” (6): these contracts stay in the one they have"
    assert (stays in str(found["warnings"])) != known
    assert "administrators see these contracts" not in str(found["warnings"])


def test_a_directorate_renamed_here_keeps_its_contracts(register, bring_in, neighbourhoods):
    neighbourhoods.name = "Places and Climate"
    neighbourhoods.save()
    found = bring_in([*FIRST, row(reference="R9", title="Hedges", company="")])
    assert counts(found) == (1, 0, 7, 0, 0)
    assert get("R1").directorate == neighbourhoods


@pytest.mark.parametrize(
    ("place", "facts"),
    [
        (1, {"title": "Lighting of streets", "supplier": "Lux plc", "start": "01/05/2026"}),
        (1, {"reference": "NEW-22", "start": "01/05/2026", "end": "30/04/2030"}),
        (3, {"title": "Northern lot", "supplier": "Ways Ltd", "start": "01/05/2026"}),
    ],
    ids=["by reference alone", "by title and supplier", "by a reference that lots share"],
)
def test_what_no_longer_matches_is_asked_with_the_contracts_it_could_be(
    register, bring_in, command, place, facts
):
    contract = Contract.objects.get(title=FIRST[place]["title"])
    rows = [*FIRST[:place], later(place, **facts), *FIRST[place + 1 :]]
    found = command(csv_file(rows))
    assert (found["created"], len(found["rejected"])) == (0, 1)
    (asked,) = found["rejected"]
    assert contract.pk in asked["candidates"]
    assert f"could be contract {contract.pk}" in asked["reasons"][0]
    bring_in(rows, answers={place + 2: str(contract.pk)})
    assert Contract.objects.count() == 7
    contract.refresh_from_db()
    assert contract.starts_on == dt.date(2026, 5, 1)
    assert counts(bring_in(rows)) == (0, 0, 7, 0, 0)


def test_the_command_says_what_to_pass_and_lists_what_is_not_in_the_file(register, tmp_path, capsys):
    from django.core.management import call_command

    lights = get("R2")
    path = tmp_path / "later.csv"
    path.write_bytes(csv_file([FIRST[0], later(1, title="Lamps", supplier="Lux plc", start="01/05/2026")]))
    call_command("import_register", str(path))
    shown = capsys.readouterr().out
    assert f"Pass --row 3={lights.pk} where it is contract {lights.pk}, --row 3=new" in shown
    assert "Contracts not in this file, left as they are (6):" in shown


def test_a_new_contract_beside_the_old_one_is_new(register, bring_in):
    renewed = later(6, reference="R70", start="01/04/2026", end="31/03/2030")
    assert counts(bring_in([*FIRST, renewed])) == (1, 0, 7, 0, 0)


def test_the_next_contract_is_new_where_the_one_before_it_has_ended_and_left_the_register(register, bring_in):
    renewed = later(6, reference="R70", start="01/04/2026", end="31/03/2030")
    assert counts(bring_in([*FIRST[:6], renewed])) == (1, 0, 6, 0, 0)


def test_a_signed_contract_stays_live_where_the_file_moves_its_start_ahead(register, bring_in, lena):
    contract_verbs.edit(get("R1"), by=lena, signed_on=dt.date(2025, 3, 1))
    found = bring_in([later(0, start="01/04/2028"), *FIRST[1:]])
    assert [(one["field"], one["kept"]) for one in found["conflicts"]] == [("Stage", "Live")]
    assert get("R1").stage == "live"


def test_a_merged_or_renamed_supplier_is_found_again_and_none_is_made(register, bring_in, lena):
    from contracts.suppliers import verbs as supplier_verbs

    lumen, dale = find_or_make("Lumen Ltd"), find_or_make("Dale Coaches Ltd")
    merging.merge(dale, lumen, by=lena, reason="Bought last year")
    supplier_verbs.correct(find_or_make("Oak CIC"), by=lena, name="Elder Oak CIC")
    number = Supplier.objects.count()
    found = bring_in(
        later_file(
            [
                *FIRST,
                row(reference="R9", title="Lamps", supplier="LUMEN LIMITED", company=""),
                row(reference="R10", title="Night care", supplier="Oak CIC", company=""),
            ]
        )
    )
    assert counts(found) == (2, 0, 7, 0, 0)
    assert get("R9").current_suppliers == [dale]
    assert get("R10").current_suppliers[0].name == "Elder Oak CIC"
    assert Supplier.objects.count() == number
    # The register then renames it for good: the contract follows.
    found = bring_in(later_file([*FIRST[:5], later(5, supplier="Ash CIC"), FIRST[6]]))
    assert get("R6").current_suppliers[0].name == "Ash CIC"


def test_nothing_is_told_of_contracts_that_did_not_change(register, bring_in):
    before = HistoryRow.objects.exclude(contract_number=None).count()
    links = list(ContractSupplier.objects.order_by("pk").values_list("pk", "contract", "supplier"))
    bring_in(later_file(FIRST))
    assert HistoryRow.objects.exclude(contract_number=None).count() == before
    assert list(ContractSupplier.objects.order_by("pk").values_list("pk", "contract", "supplier")) == links
    assert len(HEADINGS) == len(FIELDS)


def test_the_import_page_and_its_list_of_problems_name_contracts_not_in_the_file(
    register, bring_in, as_person, lena
):
    bring_in(FIRST[:6])
    page = f"/contracts/imports/{RegisterImport.objects.latest('pk').pk}/"
    client = as_person(lena)
    told = client.get(page).content.decode()
    assert "Contracts not in this file" in told
    assert f"{get('R7').pk}: Tree works" in told
    problems = b"".join(client.get(f"{page}problems.csv").streaming_content).decode("utf-8-sig")
    assert f"It was imported before. It stays as it is.,{get('R7').pk}," in problems
