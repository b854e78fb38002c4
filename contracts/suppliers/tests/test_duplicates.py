"""Which suppliers are listed as likely duplicates, and why."""

import time
from random import Random

import pytest

from contracts.models import Supplier
from contracts.suppliers import merging
from contracts.suppliers.duplicates import likely_duplicates
from contracts.suppliers.finding import company_key, name_key


def make(name, number=""):
    return Supplier.objects.create(
        name=name, name_key=name_key(name), company_number=number, company_key=company_key(number)
    )


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (("Brushworks Facilities Ltd", ""), ("Brushworks Facilities Limited", ""), "names are the same"),
        (("Fellside", "1234567"), ("FSW Group", "01234567"), "company number 01234567"),
        (("Fellside Works", ""), ("Felside Works", ""), "a letter or two"),
        (("Smith and Jones", ""), ("Jones & Smith Ltd", ""), "same words"),
        (("Corbel Construction", "1234567"), ("Corbel Construction UK", ""), "same words"),
        (("Corbel Construction", "1234567"), ("Corbel Construction Ltd", "7654321"), "numbers differ"),
    ],
)
def test_a_likely_pair_is_listed_with_the_reason(db, one, other, words):
    first, second = make(*one), make(*other)
    make("Somebody quite different")
    (pair,) = likely_duplicates()
    assert (pair.first, pair.second) == (first, second)
    assert words in pair.reason


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Academy 1 Trust", ""), ("Academy 2 Trust", "")),
        (("Fellside Works", "1234567"), ("Felside Works", "7654321")),
        (("ABC", ""), ("ABD", "")),
        (("Mere Minibuses", ""), ("Mere Taxis", "")),
    ],
)
def test_what_only_looks_alike_is_not_listed(db, one, other):
    make(*one), make(*other)
    assert likely_duplicates() == []


def test_merged_suppliers_and_those_said_not_to_be_the_same_are_left_out(db, lena):
    one, two, three = make("Fellside Works"), make("Felside Works"), make("Fellside Work")
    assert len(likely_duplicates()) == 2
    merging.say_distinct(one, two, by=lena)
    merging.merge(one, three, by=lena, reason="Same")
    assert likely_duplicates() == []
    merging.take_back_distinct(one, two, by=lena)
    assert len(likely_duplicates()) == 1


def test_thousands_of_suppliers_are_compared_in_two_queries_and_a_moment(db, django_assert_num_queries):
    rng = Random(1)
    first = ["Northern", "Community", "City", "Fellside", "Calder", "Pennine", "Harbour", "Castle", "Oak"]
    last = ["Services", "Care", "Works", "Construction", "Transport", "Cleaning", "Training", "Foods"]
    middle = ["".join(rng.choice("bcdlmnrst") + rng.choice("aeiou") for _ in range(3)) for _ in range(900)]
    names = [f"{rng.choice(first)} {rng.choice(middle)} {rng.choice(last)}" for _ in range(5000)]
    Supplier.objects.bulk_create(Supplier(name=name, name_key=name_key(name)) for name in names)
    begun = time.process_time()
    with django_assert_num_queries(2):
        likely_duplicates()
    assert time.process_time() - begun < 6
