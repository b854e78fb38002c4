"""Adding and changing a contract: who may, what history keeps, what a stale form keeps."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.history import history_of
from accounts.verbs.recipe import Invalid, Refused, Stale
from contracts import verbs
from contracts.models import Contract


def typed(contract, **changes):
    """Return the form as the page would post it, with some boxes changed."""
    data = {
        "version": contract.version,
        "title": contract.title,
        "reference": contract.reference,
        "stage": contract.stage,
        "agreement_type": contract.agreement_type,
        "citywide": "on",
        "supplier_names": "\n".join(str(row.supplier) for row in contract.supplier_links.all()),
        "directorate": contract.directorate_id or "",
        "department": contract.department_id or "",
        "category": contract.category_id or "",
        "commissioner": contract.commissioner_id or "",
        "manager": contract.manager_id or "",
        "deputies": [person.pk for person in contract.deputies.all()],
        "starts_on_0": "1", "starts_on_1": "4", "starts_on_2": "2025",
        "ends_on_0": "31", "ends_on_1": "3", "ends_on_2": "2029",
        "value": "2,400,000", "value_basis": contract.value_basis,
        "sme": "", "vcse": "",
    }  # fmt: skip
    return {**data, **changes}


def test_an_outsider_finds_no_such_contract(as_person, otto, highways):
    assert as_person(otto).get(f"/contracts/{highways.number}/edit/").status_code == 404


def test_those_who_only_read_are_told_why_they_may_not_change_it(as_person, sami, ewa, dana, highways):
    for person in (sami, ewa, dana):
        page = as_person(person).get(f"/contracts/{highways.number}/edit/")
        assert page.status_code == 403
        assert "Only its commissioners" in page.content.decode()


def test_a_form_saved_as_it_was_changes_nothing(as_person, colin, highways):
    page = as_person(colin).post(f"/contracts/{highways.number}/edit/", typed(highways))
    assert page.status_code == 302
    highways.refresh_from_db()
    assert highways.version == 1
    assert not history_of(highways).exists()


def test_each_changed_field_is_in_history_with_the_note(as_person, colin, highways):
    as_person(colin).post(
        f"/contracts/{highways.number}/edit/", typed(highways, value="2,500,000.50", note="Variation 2")
    )
    highways.refresh_from_db()
    assert highways.value == Decimal("2500000.50")
    assert highways.version == 2
    row = history_of(highways).get()
    assert row.changes == [("Value (£)", "2400000", "2500000.5")]
    assert (row.note, row.actor, row.contract_number) == ("Variation 2", colin, highways.number)


def test_a_stale_form_keeps_what_was_typed_and_shows_what_stands_now(as_person, colin, lena, highways):
    form = typed(highways, title="Highways, renamed by Colin")
    verbs.edit(highways, by=lena, title="Highways, renamed by Lena")
    client = as_person(colin)
    page = client.post(f"/contracts/{highways.number}/edit/", form)
    text = page.content.decode()
    assert page.status_code == 409
    assert "Lena Fischer changed this contract" in text
    assert 'value="Highways, renamed by Colin"' in text
    assert "Highways, renamed by Lena" in text
    assert Contract.objects.get(pk=highways.pk).title == "Highways, renamed by Lena"
    client.post(f"/contracts/{highways.number}/edit/", {**form, "version": 2})
    assert Contract.objects.get(pk=highways.pk).title == "Highways, renamed by Colin"


def test_an_end_before_the_start_is_refused_by_the_field(as_person, colin, highways):
    page = as_person(colin).post(f"/contracts/{highways.number}/edit/", typed(highways, ends_on_2="2024"))
    assert page.status_code == 200
    assert "The end date must be the same as or after the start date" in page.content.decode()


def test_a_contract_manager_changes_facts_but_not_who_answers(as_person, priya, otto, highways):
    client = as_person(priya)
    form = client.get(f"/contracts/{highways.number}/edit/").context["form"]
    assert not {"manager", "commissioner", "deputies", "directorate"} & set(form.fields)
    client.post(f"/contracts/{highways.number}/edit/", typed(highways, tier="Gold", manager=otto.pk))
    highways.refresh_from_db()
    assert (highways.tier, highways.manager) == ("Gold", priya)
    with pytest.raises(Refused):
        verbs.edit(highways, by=priya, manager=otto)


def test_only_somebody_with_the_post_can_be_named(lena, nadia, oscar, highways):
    with pytest.raises(Invalid) as refusal:
        verbs.edit(highways, by=lena, manager=nadia, commissioner=oscar)
    assert {field for field, _ in refusal.value.errors} == {"manager", "commissioner"}


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("stage", "ended"),
        ("extended_to", dt.date(2030, 3, 31)),
        ("terminated_on", dt.date(2026, 3, 31)),
        ("directorate", "adults"),
    ],
)
def test_what_returns_and_totals_hang_on_is_not_changed_among_the_facts(lena, adults, highways, fact, value):
    with pytest.raises(Invalid) as refusal:
        verbs.edit(highways, by=lena, **{fact: adults if value == "adults" else value})
    assert [field for field, _ in refusal.value.errors] == [fact]
    verbs.edit(highways, by=lena, **{fact: getattr(highways, fact)})
    assert Contract.objects.get(pk=highways.pk).version == 1


def test_the_form_asks_for_none_of_what_has_a_page_of_its_own(as_person, lena, highways):
    form = as_person(lena).get(f"/contracts/{highways.number}/edit/").context["form"]
    assert not {"stage", "directorate", "extended_to", "terminated_on"} & set(form.fields)
    assert {"signed_on", "act_kind", "regime", "procurement_began_on", "our_share"} <= set(form.fields)


def test_the_tier_is_one_of_the_councils_and_another_text_that_stands_is_kept(as_person, lena, highways):
    Contract.objects.filter(pk=highways.pk).update(tier="A1 (old scheme)")
    client, page = as_person(lena), f"/contracts/{highways.number}/edit/"
    offered = [label for _, label in client.get(page).context["form"].fields["tier"].choices]
    assert offered[0] == "Not given"
    assert offered[-1] == "A1 (old scheme)"
    highways.refresh_from_db()
    refused = client.post(page, typed(highways, tier="Platinum"))
    assert "Select a contract tier from the list" in refused.content.decode()
    client.post(page, typed(highways, tier=offered[1]))
    highways.refresh_from_db()
    assert highways.tier == offered[1]


def test_adding_asks_for_what_is_needed_and_folds_the_rest_until_something_is_wrong_in_it(as_person, lena):
    client = as_person(lena)
    page = client.get("/contracts/new/").content.decode()
    assert page.index('name="title"') < page.index("More about what it is") < page.index('name="reference"')
    assert '<details class="govuk-details" open' not in page
    wrong = client.post(
        "/contracts/new/",
        {"title": "Kerbs", "stage": "live", "agreement_type": "shared", "our_share": "300", "citywide": "on"},
    )
    form = wrong.context["form"]
    assert [summary for summary, _, is_open in form.folded if is_open] == ["More about how it was bought"]
    assert wrong.content.decode().count('<details class="govuk-details" open') == 1


def test_an_old_version_is_refused(lena, highways):
    verbs.edit(highways, by=lena, version=1, title="Once")
    with pytest.raises(Stale):
        verbs.edit(highways, by=lena, version=1, title="Twice")


def test_suppliers_typed_by_hand_are_found_or_made(as_person, colin, highways):
    as_person(colin).post(
        f"/contracts/{highways.number}/edit/",
        typed(highways, supplier_names="FELLSIDE WORKS LIMITED\nNew & Co"),
    )
    highways.refresh_from_db()
    assert highways.supplier_text == "FELLSIDE WORKS LIMITED; New & Co"
    assert list(highways.suppliers.values_list("name", flat=True)) == ["Fellside Works Ltd", "New & Co"]


def test_a_commissioner_adds_a_contract_to_their_own_directorate_only(
    as_person, colin, neighbourhoods, adults
):
    client = as_person(colin)
    data = {
        "title": "Street trees", "directorate": neighbourhoods.pk, "stage": "live",
        "agreement_type": "contract", "citywide": "on",
        "supplier_names": "Greenwood CIC", "reference": "NB/77",
    }  # fmt: skip
    refused = client.post("/contracts/new/", {**data, "directorate": adults.pk})
    assert "Select a directorate from the list" in refused.content.decode()
    client.post("/contracts/new/", data)
    contract = Contract.objects.get()
    assert contract.reference_key == "nb77"
    assert contract.suppliers.get().name == "Greenwood CIC"
    assert history_of(contract).get().action == "contracts.add"


def test_the_only_directorate_one_commissions_for_is_chosen_already(as_person, colin, neighbourhoods):
    page = as_person(colin).get("/contracts/new/")
    assert f'<option value="{neighbourhoods.pk}" selected>' in page.content.decode()
    assert "Only a title and a directorate are needed now" in page.content.decode()


def test_what_was_typed_for_another_type_of_agreement_is_no_error_one_cannot_see(as_person, colin, highways):
    page = as_person(colin).post(
        f"/contracts/{highways.number}/edit/",
        typed(highways, agreement_type="contract", parent_number="999999", our_share="lots"),
    )
    assert page.status_code == 302


def test_errors_are_listed_in_the_order_of_the_page(as_person, colin, neighbourhoods):
    data = {
        "title": "", "directorate": neighbourhoods.pk, "stage": "live", "citywide": "on",
        "agreement_type": "call_off", "parent_number": "999999", "value": "x",
        "social_value_weighting": "ten",
    }  # fmt: skip
    form = as_person(colin).post("/contracts/new/", data).context["form"]
    assert list(form.errors) == ["title", "value", "parent_number", "social_value_weighting"]


def test_a_contract_manager_cannot_add_a_contract(as_person, priya):
    assert as_person(priya).get("/contracts/new/").status_code == 403


def test_a_call_off_names_a_framework_the_person_can_see(as_person, colin, highways, home_care):
    page = as_person(colin).post(
        f"/contracts/{highways.number}/edit/",
        typed(highways, agreement_type="call_off", parent_number=home_care.number),
    )
    assert f"There is no contract {home_care.number} that you can see" in page.content.decode()


def test_the_last_day_of_a_contract_cannot_lie_before_it_starts(lena, neighbourhoods):
    with pytest.raises(Invalid):
        verbs.add(
            by=lena, title="X", starts_on=dt.date(2026, 1, 2), terminated_on=dt.date(2026, 1, 1)
        )  # fmt: skip
