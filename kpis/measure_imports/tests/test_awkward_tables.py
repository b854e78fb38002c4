"""Tables of measures as bidders' calculators, tables of unit costs and their notes make them awkward."""

from decimal import Decimal

import pytest

from kpis.library.models import Measure
from kpis.measure_imports import cells, guessing, reading
from kpis.measure_imports.tests.files import book, csv_file
from kpis.proxies.models import Proxy

PLAIN = ["Ref", "Measure", "Unit", "Proxy value (£)"]


def sheet_of(rows, *merges):
    """Return a workbook's bytes with these rows and merged ranges."""

    def fill(sheet, workbook):
        for cells_ in rows:
            sheet.append(cells_)
        for merge in merges:
            sheet.merge_cells(merge)

    return book(fill)


def calculator():
    """Return a calculator: headings in two rows, ranges in a cell, products, a note on prices."""
    rows = [
        ["Canal calculator"],
        ["Theme", "Ref", "Measure", "Unit", "Proxy value (£)", None, "Target", "Social value (£)", "Colour"],
        [None, None, None, None, "Per unit", "Range", None, None, None],
        ["Work", "C1*", "Locks mended", "No.", 30500, "28000-33000", 3, "=E4*G4", "blue"],
        [None, "C2", "Leaks stopped", "No.", "£10", "£8 to £12", 3, "=E5*G5", None],
        [None, "C3", "Towpath cut", "No.", "£10", "£11 to £12", 3, "=E6*G6", None],
        [None, "C4", "Boats named", "No.", "=2*3", None, 3, "=E7*G7", None],
        ["Total", None, None, None, None, None, None, "=SUM(H4:H7)", None],
        ["Note: values are 2022 prices."],
    ]
    return sheet_of(rows, "E2:F2", "A4:A7")


def columns_of(headings, *rows):
    table = reading.open_table(csv_file(rows, headings=headings), name="a.csv")
    columns = guessing.propose_columns(table)
    return {name: table.headers[index].text for name, index in columns.items() if name.startswith("value")}


def said(framework):
    return " ".join(text for _, text in framework.imports.get().counts["warnings"])


def test_a_bidders_products_are_left_out_and_named(bring_in):
    framework = bring_in(calculator(), name="c.xlsx", price_year=2022)
    assert "The columns “Target”, “Social value (£)” are not brought in" in said(framework)
    assert "The column “Colour” is not read" in said(framework)
    assert Proxy.objects.filter(measure__framework=framework).count() == 3
    assert {m.theme.title for m in framework.measures.all()} == {"Work"}


def test_formulas_count_only_where_they_are_read(bring_in):
    framework = bring_in(calculator(), name="c.xlsx", price_year=2022)
    done = framework.imports.get()
    warned = {row.row_number: " ".join(row.warnings) for row in done.rows.all()}
    assert "Cell E7 holds a formula" in warned[7]
    assert not any("Cell H" in text for text in warned.values())
    assert "more cells than there are headings" not in " ".join(warned.values()) + said(framework)


def test_many_formulas_are_said_once_with_their_rows(bring_in):
    rows = [PLAIN, *([f"A{n}", f"Measure {n}", "No.", f"={n}*2"] for n in range(2, 8))]
    framework = bring_in(sheet_of(rows), name="f.xlsx")
    done = framework.imports.get()
    assert "Column D, “Proxy value (£)”, holds 6 formulas" in said(framework)
    assert "rows 2, 3, 4, 5, 6, 7." in said(framework)
    assert not any("formula" in " ".join(row.warnings) for row in done.rows.all())


def test_a_range_in_one_cell_is_its_low_and_high(bring_in):
    framework = bring_in(calculator(), name="c.xlsx", price_year=2022)
    values = {
        proxy.measure.code: (value.value, value.low, value.high)
        for proxy in Proxy.objects.filter(measure__framework=framework)
        for value in proxy.values.all()
    }
    assert values == {"C1": (30500, 28000, 33000), "C2": (10, 8, 12), "C3": (10, None, None)}


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("28000-33000", 28000, 33000), ("£28,000 to £33,000", 28000, 33000), ("33 – 28", 28, 33),
        ("between £1.50 and £2", Decimal("1.5"), 2), ("£2-3k", 2000, 3000), ("(5 to 6)", 5, 6),
    ],
)  # fmt: skip
def test_ranges_are_read_as_people_write_them(text, low, high):
    assert cells.read_range(text) == (low, high)


def test_a_range_without_a_value_is_none_and_one_behind_a_value_is_its_range(bring_in):
    rows = [["A1", "One", "No.", "28-33"], ["A2", "Two", "No.", "£30 (28 to 33)"]]
    framework = bring_in(csv_file(rows, headings=PLAIN), price_year=2022)
    value = Proxy.objects.get(measure__framework=framework).values.get()
    assert (value.value, value.low, value.high) == (30, 28, 33)
    assert "It is a range and not one value" in " ".join(
        framework.imports.get().rows.get(row_number=2).warnings
    )


@pytest.mark.parametrize(
    ("text", "year", "words"),
    [
        ("Note: values are 2022 prices. Local means near.", 2022, "2022"),
        ("Prices are at 2021/22 levels", 2021, "2021/22"), ("Price base: 2023", 2023, "2023"),
        ("All £ in 2019-20 prices", 2019, "2019/20"),
    ],
)  # fmt: skip
def test_a_note_says_which_years_prices_these_are(text, year, words):
    assert cells.note_of_prices(text) == (year, words)


def test_the_year_of_a_note_is_proposed_on_the_page_and_notes_that_disagree_are_not(as_lena_edition):
    page = as_lena_edition(calculator())
    assert 'value="2022"' in page
    assert "A note in row 9 says 2022 prices." in page
    rows = [["In 2020 prices"], PLAIN, ["A1", "One", "No.", 5], ["B1", "Two", "No.", 5], ["In 2021 prices"]]
    assert "A note in row" not in as_lena_edition(sheet_of(rows))


@pytest.fixture
def as_lena_edition(client, lena):
    """Return a function that uploads a file and gives the page that asks which edition it is."""
    from django.urls import reverse

    from kpis.measure_imports import verbs

    def show(data):
        started = verbs.start(data, by=lena, name="c.xlsx")
        client.force_login(lena)
        return client.get(reverse("kpis:measure-import-edition", args=[started.pk])).content.decode()

    return show


def test_a_row_chosen_by_hand_is_read_as_where_it_was_found():
    data = calculator()
    found = reading.open_table(data, name="c.xlsx")
    chosen = reading.open_table(data, name="c.xlsx", header_row=found.header_row)
    assert found.header_row == 3
    assert [one.text for one in chosen.headers] == [one.text for one in found.headers]
    assert not [one for one in chosen.warnings if "more cells" in one.sentence]


def test_a_second_row_of_headings_fills_the_gaps_of_the_first_in_a_csv_too():
    lines = [
        ["", "", "", "Fiscal", "Economic", "Social", ""],
        ["K1", "Leak stopped", "leaks", "10", "20", "30", "2023"],
    ]
    data = csv_file(lines, headings=["Code", "Measure", "Unit", "£ per unit", "", "", "Year"])
    table = reading.open_table(data, name="k.csv")
    columns = guessing.propose_columns(table)
    assert (table.header_row, len(table.rows), list(table.warnings)) == (2, 1, [])
    assert {columns[name] for name in ("value", "value_2", "value_3")} == {3, 4, 5}
    assert table.headers[1].text == "Measure"


@pytest.mark.parametrize(
    ("headings", "kept"),
    [
        (("Fiscal", "Economic", "Social"), ("Fiscal", "Economic", "Social")),
        (("Social value (£)",), ("Social value (£)",)),
        (("Quantity", "Social value (£)"), ()),
        (("Proxy value", "Social value (£)"), ("Proxy value",)),
        (("Proxy value", "Target", "SEV", "LEV", "Total value"), ("Proxy value",)),
        (("Value", "Total"), ("Value",)),
    ],
)
def test_which_columns_are_the_pounds_of_one_unit(headings, kept):
    found = columns_of(
        ["Code", "Measure", "Unit", *headings], ["A", "Boats", "boats", *"23579"[: len(headings)]]
    )
    assert tuple(found.values()) == kept


def test_what_is_one_column_times_another_in_every_row_is_a_product():
    rows = [["A", "Boats", "boats", "2", "10", "20"], ["B", "Locks", "locks", "3", "4", "12"]]
    headings = ["Code", "Measure", "Unit", "Unit cost", "Qty", "Updated cost"]
    assert columns_of(headings, *rows) == {"value": "Unit cost"}
    rows[1][-1] = "13"
    assert columns_of(headings, *rows) == {"value": "Unit cost", "value_2": "Updated cost"}


@pytest.mark.parametrize(
    ("value", "low", "year", "why"),
    [
        ("(£12)", "", "2022", "must be more than 0"), ("£0.00", "", "2022", "must be more than 0"),
        ("5", "-1", "2022", "-1 is below 0"), ("5", "", "2098", "must be between 1990 and"),
        ("5", "", "1970", "must be between 1990 and"),
    ],
)  # fmt: skip
def test_values_are_checked_as_those_that_are_typed(bring_in, value, low, year, why):
    headings = [*PLAIN, "Low", "Price year"]
    framework = bring_in(csv_file([["A", "Boats", "boats", value, low, year]], headings=headings))
    assert why in " ".join(framework.imports.get().rows.get().warnings)
    assert Proxy.objects.filter(measure__framework=framework).count() == bool(low)


def test_a_share_is_never_a_count_and_pounds_are_money_however_they_are_called(bring_in):
    rows = [
        ["A", "Spend here", "% of total", "5", "Number"],
        ["B", "Invested", "£ invested including staff time", "1", "Number"],
        ["C", "Hired", "%", "5", "Number"],
    ]
    framework = bring_in(csv_file(rows, headings=[*PLAIN, "Type"]), price_year=2022)
    kinds = dict(framework.measures.values_list("code", "kind"))
    assert kinds == {"A": "percentage", "B": "money", "C": "percentage"}
    assert Proxy.objects.get(measure__framework=framework).measure.code == "B"


def test_marks_are_no_part_of_a_code_and_zeros_that_are_seen_are(bring_in):
    def fill(sheet, workbook):
        for one in (PLAIN, [1.1, "One", "No.", 5], [1.1, "Ten", "No.", 5], ["X1†", "Marked", "No.", "£5*"]):
            sheet.append(one)
        sheet["A3"].number_format = "0.00"
        sheet.column_dimensions["C"].hidden = True

    framework = bring_in(book(fill), name="z.xlsx", price_year=2022)
    assert set(framework.measures.values_list("code", flat=True)) == {"1.1", "1.10", "X1"}
    assert "Column C is hidden" in said(framework)
    assert Proxy.objects.filter(measure__framework=framework).count() == 3


def test_a_value_in_a_cell_merged_over_two_measures_is_not_lost_without_a_word(bring_in):
    rows = [PLAIN, ["A", "One", "No.", 5], ["B", "Two", "No.", None]]
    framework = bring_in(sheet_of(rows, "D2:D3"), name="m.xlsx", price_year=2022)
    assert "merged cell with that of row 2" in " ".join(
        framework.imports.get().rows.get(row_number=3).warnings
    )


def test_each_group_may_have_its_own_row_of_headings(bring_in):
    rows = [
        ["Theme: Water"], ["Measure", "Unit", "Proxy"], ["Locks", "No.", 5], ["Theme: Land"],
        ["Measure", "Unit", "Proxy"], ["Hedges", "No.", 5],
    ]  # fmt: skip
    framework = bring_in(sheet_of(rows), name="g.xlsx", price_year=2022)
    themes = dict(Measure.objects.filter(framework=framework).values_list("title", "theme__title"))
    assert themes == {"Locks": "Theme: Water", "Hedges": "Theme: Land"}


def test_titles_are_proposed_from_their_length_where_no_heading_names_them():
    data = csv_file(
        [["A1", "The cost of a drained lock", "each", "5"], ["A2", "The cost of a broken gate", "each", "6"]],
        headings=["Ref", "Cost detail of it", "Unit", "Unit cost"],
    )
    table = reading.open_table(data, name="t.csv")
    assert guessing.propose_columns(table)["title"] == 1


def test_totals_are_told_from_measures_that_begin_with_the_word(bring_in):
    rows = [
        ["Total volunteering hours", "hours", "5"], ["Sub-total of theme 1", "", "5"], ["Total", "£", "9"],
    ]  # fmt: skip
    framework = bring_in(csv_file(rows, headings=PLAIN[1:]), price_year=2022)
    assert [one.title for one in framework.measures.all()] == ["Total volunteering hours"]
    assert framework.imports.get().counts["skipped"] == 2
