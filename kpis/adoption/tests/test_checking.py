"""Untidy workbooks: every row is taken, repeated, empty or refused with a reason; nothing is guessed."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.calendar import add_months
from conftest import make_contract
from kpis.adoption import presenting, verbs
from kpis.adoption.amounts import read_amount
from kpis.adoption.periods import Span, span_of
from kpis.adoption.tests.files import book, csv_file, sheet_of
from kpis.models import KPISet
from spreadsheets.values import CellError

HEADINGS = ["Contract ref", "Contract title", "Supplier", "KPI", "Unit", "Target"]


def reasons(standing):
    """Return {row: its reasons as one text} of the rows that can't be used."""
    return {row.row_number: " ".join(row.reasons) for row in standing.rows.filter(outcome="rejected")}


def adds_up(standing):
    """Return whether the rows read are exactly the sum of their parts."""
    counts = standing.counts
    return counts["rows_read"] == sum(counts[name] for name in ("empty", "created", "repeated", "rejected"))


@pytest.mark.parametrize(
    ("written", "value", "unit"),
    [
        ("12 weeks", "12", "weeks"), ("£20,000", "20000", "£"), ("£20k", "20000", "£"), ("45%", "45", "%"),
        ("5 FTE", "5", "FTE"), ("(5)", "-5", ""), ("1,200", "1200", ""), ("nil", "0", ""), ("TBC", None, ""),
        ("n/a", None, ""), ("-", None, ""), (None, None, ""), (Decimal("7.5"), "7.5", ""),
    ],
)  # fmt: skip
def test_targets_are_read_as_people_write_them(written, value, unit):
    amount = read_amount(written)
    assert amount.value == (None if value is None else Decimal(value))
    assert amount.unit == unit


@pytest.mark.parametrize("written", ["£5,000 per year", "10 each month", "about ten", "12-15 weeks"])
def test_a_rate_or_a_range_is_no_amount(written):
    with pytest.raises(CellError):
        read_amount(written)


@pytest.mark.parametrize(
    ("heading", "first", "last"),
    [
        ("Apr-26", "2026-04", "2026-04"), ("2026-05", "2026-05", "2026-05"),
        ("May 2026", "2026-05", "2026-05"),
        ("2026-04-01 00:00:00", "2026-04", "2026-04"), ("Q1 2026/27", "2026-04", "2026-06"),
        ("2026/27 Q4", "2027-01", "2027-03"), ("2025/26", "2025-04", "2026-03"),
        ("H2 2025-26", "2025-10", "2026-03"),
        ("Apr to Jun 2026", "2026-04", "2026-06"), ("Nov-Jan 2027", "2026-11", "2027-01"),
        ("Actual Sept 26", "2026-09", "2026-09"),
    ],
)  # fmt: skip
def test_headings_name_their_months(heading, first, last):
    assert span_of(heading) == Span(dt.date.fromisoformat(f"{first}-01"), dt.date.fromisoformat(f"{last}-01"))


@pytest.mark.parametrize("heading", ["Target 2026/27", "Q1 2026", "2026", "KPI 1", "2026/28", ""])
def test_other_headings_name_no_months(heading):
    assert span_of(heading) is None


def test_a_merged_title_notes_and_totals_do_no_harm(check, highways, weeks, jobs):
    def fill(sheet, workbook):
        sheet["A1"] = "Social value KPIs of signed contracts"
        sheet.merge_cells("A1:F1")
        sheet.append([])
        sheet.append(HEADINGS)
        sheet.append(["NB-1001", "Highways resurfacing", "Fellside", "Apprenticeship weeks", "", "480 weeks"])
        sheet.append([None, None, None, "Local people hired", "people", 24])
        sheet.merge_cells("A4:A5")
        sheet.append([])
        sheet.append(["Total", None, None, None, None, 504])
        sheet.append(["Note: figures agreed at award"])

    standing = check(book(fill), name="signed.xlsx")
    assert standing.status == "checked", standing.message
    assert (standing.counts["created"], standing.counts["contracts"], standing.counts["kpis"]) == (2, 1, 2)
    assert adds_up(standing)
    assert {"note" in text or "total" in text for text in reasons(standing).values()} == {True}
    assert not KPISet.objects.exists()


def test_lots_with_one_reference_are_told_apart_or_asked(check, neighbourhoods, weeks):
    one = make_contract("Lot 1 North", neighbourhoods, reference="F-1")
    make_contract("Lot 2 South", neighbourhoods, reference="F-1")
    rows = [
        ["F-1", "Lot 1 North", "", "Apprenticeship weeks", "", "12"],
        ["F-1", "", "", "Apprenticeship weeks", "", "12"],
    ]
    standing = check(sheet_of([HEADINGS, *rows]), name="lots.xlsx")
    assert [row.contract for row in standing.rows.filter(outcome="created")] == [one]
    [question] = presenting.questions_of(standing)
    assert (question.row, len(question.candidates)) == (3, 2)
    assert "Say which contract" in reasons(standing)[3]


def test_an_answer_is_kept_and_taken(check, lena, neighbourhoods, weeks):
    make_contract("Lot 1", neighbourhoods, reference="F-1")
    two = make_contract("Lot 2", neighbourhoods, reference="F-1")
    rows = [["F-1", "", "", "Apprenticeship weeks", "", "12"]]
    standing = check(sheet_of([HEADINGS, *rows]), name="lots.xlsx")
    standing = verbs.set_answers(standing, by=lena, answers={"2": str(two.pk)})
    standing = verbs.begin_checking(standing, by=lena)
    assert [row.contract for row in standing.rows.filter(outcome="created")] == [two]
    # An answer that was never offered counts for nothing.
    standing = verbs.set_answers(standing, by=lena, answers={"2": "999999"})
    assert verbs.begin_checking(standing, by=lena).counts["created"] == 0


def test_a_contract_comes_in_whole_or_not_at_all(check, highways, weeks, jobs):
    standing = check(
        [
            ["NB-1001", "", "Apprenticeship weeks", "", "480", ""],
            ["NB-1001", "", "Local people hired", "", "TBC", ""],
        ]
    )
    assert standing.counts["contracts"] == 0
    said = reasons(standing)
    assert "TBC" in said[3]
    assert "Row 3" in said[2]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["BAN12005", "", "Apprenticeship weeks", "", "12", ""], "no directorate"),
        (["X-404", "", "Apprenticeship weeks", "", "12", ""], "No contract here"),
        (["", "", "Apprenticeship weeks", "", "12", ""], "names no contract"),
        (["NB-1001", "", "", "", "12", ""], "no KPI"),
        (["NB-1001", "", "Apprenticeship weeks", "", "(12)", ""], "0 or more"),
        (["NB-1001", "", "Apprenticeship weeks", "", "12.55555", ""], "decimal places"),
        (["NB-1001", "", "Apprenticeship weeks", "", "", ""], "no target"),
        (["NB-1001", "", "Apprenticeship weeks", "", "£5,000 a year", ""], "each year"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_used_says_why(check, highways, unmapped, weeks, row, said):
    standing = check([row])
    assert said in reasons(standing)[2]
    assert adds_up(standing)


def test_a_contract_with_a_set_is_refused_with_what_to_do(check, bring_in, highways, weeks):
    rows = [["NB-1001", "", "Apprenticeship weeks", "", "480", ""]]
    bring_in(rows)
    again = check(rows)
    assert "waits to be confirmed with its batch" in reasons(again)[2]
    assert again.counts["same_file"]
    assert "This very file came in" in again.counts["warnings"][0][1]


def test_repeats_are_repeats_and_conflicts_are_refused(check, highways, weeks):
    row = ["NB-1001", "", "Apprenticeship weeks", "", "480", ""]
    assert check([row, row]).counts["repeated"] == 1
    both = check([row, [*row[:4], "500", ""]])
    assert both.counts["rejected"] == 2


def test_another_unit_or_other_words_are_the_contracts_own(check, highways, weeks):
    standing = check([
        ["NB-1001", "", "Apprenticeship weeks", "people", "12", ""],
        ["NB-1001", "", "Bicycles given to schools", "", "40 bicycles", ""],
    ])  # fmt: skip
    assert (standing.counts["created"], standing.counts["own_words"]) == (2, 2)


def test_a_bare_percentage_is_refused_as_a_result(check, highways, share, back):
    headings = ["Contract ref", "KPI", "Target", back(2)]
    bad = check([["NB-1001", "Staff paid the living wage", "90%", "85%"]], headings=headings)
    assert "out of how many" in reasons(bad)[2]
    good = check([["NB-1001", "Staff paid the living wage", "90%", "85/100"]], headings=headings)
    assert good.counts["past_results"] == 1


def test_results_must_be_before_the_first_month_returned_here(check, highways, weeks, back, this_month):
    headings = ["Contract ref", "KPI", "Target", back(0), back(2)]
    rows = [["NB-1001", "Apprenticeship weeks", "480", "3", "4"]]
    assert "returned here" in reasons(check(rows, headings=headings))[2]
    later = check(rows, headings=headings, first_month=add_months(this_month, 1))
    assert later.counts["past_results"] == 2


def test_delivered_to_date_must_agree_with_its_months(check, highways, weeks, back):
    headings = ["Contract ref", "KPI", "Target", back(2), back(1), "Delivered to date", "As at"]
    row = ["NB-1001", "Apprenticeship weeks", "480", "3", "4"]
    assert check([[*row, "7", back(1)]], headings=headings).counts["past_results"] == 2
    assert "add up to 7" in reasons(check([[*row, "9", back(1)]], headings=headings))[2]


def test_a_second_sheet_gives_results(check, highways, weeks, back):
    rows = [["Contract ref", "KPI", "Target"], ["NB-1001", "Apprenticeship weeks", 480]]
    results = [
        ["Contract ref", "KPI", "Month", "Figure"],
        ["NB-1001", "Apprenticeship weeks", back(2), 12],
        ["NB-1001", "Apprenticeship weeks", back(1), 9],
        ["X-1", "Something", back(1), 9],
    ]
    standing = check(sheet_of(rows, results=results), name="both.xlsx")
    sheet = standing.counts["results_sheet"]
    assert (sheet["rows_read"], sheet["taken"], len(sheet["rejected"])) == (3, 2, 1)
    assert standing.counts["past_results"] == 2


def test_the_rows_to_put_right_can_come_again(check, highways, weeks):
    standing = check([["NB-1001", "", "Apprenticeship weeks", "", "TBC", ""]])
    text = b"".join(presenting.rejected_csv(standing).streaming_content).decode("utf-8-sig")
    assert "Why it was not used" in text
    assert "TBC" in text
    again = check(text.replace("TBC", "480").encode())
    assert again.counts["created"] == 1
    assert again.signature == standing.signature


def test_a_formula_never_worked_out_is_refused(check, highways, weeks):
    def fill(sheet, workbook):
        sheet.append(["Contract ref", "KPI", "Target"])
        sheet.append(["NB-1001", "Apprenticeship weeks", "=400+80"])

    assert "never worked out" in reasons(check(book(fill), name="f.xlsx"))[2]


def test_dates_as_text_and_by_month_are_months(check, highways, weeks):
    headings = ["Contract ref", "KPI", "Target", "First month", "Last month", "Date signed", "Document"]
    rows = [
        [
            "NB-1001",
            "Apprenticeship weeks",
            "480",
            "1st May 2025",
            "31/03/2027",
            "12 March 2025",
            "Schedule 7",
        ]
    ]
    standing = check(csv_file(rows, headings=headings))
    [contract] = standing.contracts.all()
    assert (contract.plan["kpis"][0]["starts"], contract.plan["kpis"][0]["ends"]) == (
        "2025-05-01",
        "2027-03-01",
    )
    assert contract.plan["document"] == "Schedule 7, signed 12 March 2025"
