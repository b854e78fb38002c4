"""Saying what a supplier is, and correcting its name and numbers."""

import datetime as dt

import pytest

from accounts.history import history_of
from accounts.verbs.recipe import Invalid, Refused, Stale
from contracts.models import Supplier, SupplierStatus
from contracts.suppliers import verbs
from contracts.suppliers.families import Families, latest_statuses
from contracts.suppliers.finding import find_or_make, name_key


@pytest.fixture
def fellside(highways):
    return highways.supplier_links.get().supplier


def say(supplier, by, answer="yes", as_at=dt.date(2026, 1, 5), kind="sme", source="Companies House accounts"):
    return verbs.say_status(supplier, kind=kind, answer=answer, source=source, as_at=as_at, by=by)


def holds(supplier, kind="sme"):
    return latest_statuses(Families(), [supplier.pk]).get((supplier.pk, kind))


def test_what_was_said_with_the_latest_date_holds_whenever_it_was_said(fellside, colin):
    say(fellside, colin, "yes", dt.date(2026, 1, 5))
    say(fellside, colin, "no", dt.date(2024, 1, 5))
    assert holds(fellside).answer == "yes"
    say(fellside, colin, "", dt.date(2026, 2, 5))
    assert holds(fellside).answer == ""
    assert holds(fellside, "local") is None
    assert SupplierStatus.objects.count() == 3


def test_it_is_told_in_the_history_with_source_and_day(fellside, colin):
    say(fellside, colin)
    row = history_of(fellside).get()
    assert row.summary == (
        "Small or medium-sized (SME): yes, as at 5 January 2026, from Companies House accounts"
    )
    assert row.actor == colin


def test_all_that_is_wrong_is_said_at_once(fellside, colin):
    with pytest.raises(Invalid) as refusal:
        verbs.say_status(fellside, kind="big", answer="maybe", source=" ", as_at=None, by=colin)
    assert [field for field, _ in refusal.value.errors] == ["kind", "answer", "source", "as_at"]
    with pytest.raises(Invalid, match="in the past"):
        say(fellside, colin, as_at=dt.date(2999, 1, 1))


def test_only_commissioners_with_a_contract_of_it_the_lead_and_administrators_say_so(fellside, cast):
    may = {"colin", "lena", "adam"}
    for name, person in cast.items():
        if name in may:
            say(fellside, person)
        else:
            with pytest.raises(Refused):
                say(fellside, person)


def test_a_correction_is_kept_with_what_was(fellside, colin):
    done = verbs.correct(
        fellside,
        by=colin,
        name="Fellside Works (North) Ltd",
        company_number="SC 123456",
        charity_number="1123456",
        version=fellside.version,
        note="From their letter",
    )
    assert (done.company_key, done.version) == ("SC123456", 2)
    row = history_of(fellside).get()
    assert row.before["Name"] == "Fellside Works Ltd"
    assert row.after["Company number"] == "SC 123456"
    assert row.note == "From their letter"
    with pytest.raises(Stale):
        verbs.correct(fellside, by=colin, name="Other", version=1)


def test_nothing_is_written_where_nothing_differs(fellside, colin):
    assert verbs.correct(fellside, by=colin, name="Fellside  Works Ltd").version == 1
    assert not history_of(fellside).exists()


def test_the_old_name_still_means_the_supplier(fellside, colin):
    verbs.correct(fellside, by=colin, name="Fellbeck Works Ltd")
    assert find_or_make("FELLSIDE WORKS LIMITED") == fellside
    assert list(Supplier.objects.standing()) == [fellside]


@pytest.mark.parametrize("number", ["12345678", "1234567", "SC123456", "IP00123R", "oc301234", "gb/01234567"])
def test_company_numbers_of_every_shape_are_taken(fellside, colin, number):
    assert verbs.correct(fellside, by=colin, name="Fellside", company_number=number).company_number == number


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("company_number", "123456789"),
        ("company_number", "see file"),
        ("charity_number", "12"),
        ("name", " "),
    ],
)
def test_what_cannot_be_a_number_is_refused_by_its_field(fellside, colin, field, text):
    facts = {"name": "Fellside", field: text}
    with pytest.raises(Invalid) as refusal:
        verbs.correct(fellside, by=colin, **facts)
    assert refusal.value.errors[0][0] == field


def test_the_same_number_elsewhere_is_pointed_out_not_refused(fellside, colin):
    other = find_or_make("Fellbeck Works", "01234567")
    done = verbs.correct(fellside, by=colin, name=fellside.name, company_number="1234567")
    assert verbs.same_number(done) == [other]


def test_a_merged_supplier_is_not_described_any_more(fellside, lena):
    gone = Supplier.objects.create(name="Gone", name_key=name_key("Gone"), merged_into=fellside)
    with pytest.raises(Stale, match="say it of Fellside Works Ltd"):
        say(gone, lena)
