"""Finding a supplier by name or company number."""

import datetime as dt

import pytest

from contracts.models import Supplier
from contracts.suppliers.finding import SupplierIndex, company_key, find_or_make, link, name_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Fellside Works Ltd", "FELLSIDE WORKS LIMITED"),
        ("The Oaks Trust", "Oaks Trust"),
        ("Smith & Sons", "Smith and Sons PLC"),
        ("Café Nero", "Cafe Nero"),
    ],
)
def test_legal_form_case_and_accents_do_not_make_another_supplier(db, one, other):
    assert find_or_make(one) == find_or_make(other)


def test_a_name_of_legal_forms_only_keeps_a_key():
    assert name_key("Ltd") == "ltd"


def test_a_company_number_decides(db):
    first = find_or_make("Fellside Works", "1234567")
    assert find_or_make("Fellside (renamed)", "01234567") == first
    assert find_or_make("Fellside Works", "7654321") != first


def test_a_number_learnt_later_is_added_to_the_supplier_of_that_name(db):
    first = find_or_make("Fellside Works")
    assert find_or_make("Fellside Works Ltd", "SC123456").pk == first.pk
    assert Supplier.objects.get().company_number == "SC123456"


def test_an_index_gives_the_same_answers_as_the_table(db):
    find_or_make("Fellside Works", "1234567")
    index = SupplierIndex()
    again = find_or_make("Fellside works ltd", index=index)
    made = find_or_make("New", index=index)
    assert find_or_make("NEW", index=index) == made
    assert Supplier.objects.count() == 2
    assert again.company_number == "1234567"


def test_a_blank_name_is_refused(db):
    with pytest.raises(ValueError):
        find_or_make("  ")


def merged_into(kept, name, number=""):
    return Supplier.objects.create(
        name=name,
        name_key=name_key(name),
        company_number=number,
        company_key=company_key(number),
        merged_into=kept,
    )


@pytest.mark.parametrize("in_memory", [False, True])
def test_a_merged_name_or_number_means_the_supplier_that_was_kept_through_chains(db, in_memory):
    kept = find_or_make("Fellside Works", "01234567")
    middle = merged_into(kept, "Fell Side")
    merged_into(middle, "FSW Contracting", "SC123456")
    index = SupplierIndex() if in_memory else None
    assert find_or_make("FSW Contracting", index=index) == kept
    assert find_or_make("Somebody", "SC123456", index=index) == kept
    assert find_or_make("Fell Side Ltd", index=index) == kept
    assert Supplier.objects.standing().count() == 1


@pytest.mark.parametrize("in_memory", [False, True])
def test_a_number_learnt_for_a_merged_name_goes_to_the_kept_supplier(db, in_memory):
    kept = find_or_make("Fellside Works")
    merged_into(kept, "FSW Contracting")
    index = SupplierIndex() if in_memory else None
    assert find_or_make("FSW Contracting", "01234567", index=index) == kept
    kept.refresh_from_db()
    assert (kept.company_key, kept.version) == ("01234567", 2)


def test_a_supplier_that_stands_by_itself_comes_before_a_merged_one_of_the_same_name(db):
    other = find_or_make("Other Works")
    merged_into(other, "Fellside Works")
    own = Supplier.objects.create(name="Fellside Works", name_key=name_key("Fellside Works"))
    assert find_or_make("Fellside Works") == own


def test_naming_suppliers_again_leaves_past_ones_and_the_days_of_those_that_stay(highways):
    first = highways.supplier_links.get()
    first.until = dt.date(2026, 3, 31)
    first.save()
    now, joint = find_or_make("Present Works"), find_or_make("Joint Works")
    highways.supplier_links.create(supplier=now, since=dt.date(2026, 4, 1))
    assert link(highways, [now, joint])
    assert not link(highways, [now, joint])
    assert link(highways, [find_or_make("Corrected Works"), joint])
    told = highways.supplier_links.order_by("until", "position")
    assert sorted((row.supplier.name, row.since, row.until) for row in told) == [
        ("Corrected Works", dt.date(2026, 4, 1), None),
        ("Fellside Works Ltd", None, dt.date(2026, 3, 31)),
        ("Joint Works", None, None),
    ]
    assert [one.name for one in highways.current_suppliers] == ["Corrected Works", "Joint Works"]
