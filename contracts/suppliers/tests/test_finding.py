"""Finding a supplier by name or company number."""

import pytest

from contracts.models import Supplier
from contracts.suppliers.finding import SupplierIndex, find_or_make, name_key


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
