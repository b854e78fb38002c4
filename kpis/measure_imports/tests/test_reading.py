"""What is read from tables of measures as people make them."""

from decimal import Decimal

import pytest
from openpyxl.comments import Comment

from kpis.library.models import Measure, Unit
from kpis.measure_imports import guessing, reading, verbs
from kpis.measure_imports.tests.files import HEADINGS, book, csv_file, row, unit_costs
from kpis.proxies.models import Proxy


def of(framework, code):
    return Measure.objects.get(framework=framework, code=code)


def value_of(framework, code):
    return of(framework, code).proxies.get().values.get()


def said(started, number):
    one = started.rows.get(row_number=number)
    return " ".join([*one.reasons, *one.warnings])


def adds_up(started):
    counts = started.counts
    parts = ("empty", "created", "unchanged", "repeated", "skipped", "rejected")
    assert counts["rows_read"] == sum(counts[name] for name in parts) == started.rows.count()


def test_a_plain_table_becomes_an_edition_with_sourced_values(bring_in):
    framework = bring_in(
        [row(low="£1,000", high="1500"), row(code="X2", title="Trees planted", unit="trees")]
    )
    measure = of(framework, "X1")
    assert (measure.theme.title, measure.outcome.title) == ("Work", "More jobs")
    assert (measure.counting_rule, measure.evidence_expected) == ("Count each person once.", "Payroll record")
    assert (measure.unit.code, measure.kind, measure.status) == ("people", "count", "live")
    proxy = measure.proxies.get()
    assert (proxy.price_year, proxy.source, proxy.is_usual) == (2024, "A study of ours", True)
    value = proxy.values.get()
    assert (value.value, value.low, value.high) == (Decimal("1234.50"), 1000, 1500)
    assert Unit.objects.get(code="trees").places == 2
    assert framework.status == "live"


def messy(sheet, workbook):
    """Two rows of headings, merged; merged and sunken themes; notes, a total, formulas, hidden sheets."""
    sheet["A1"] = "Canal set: measures and values"
    sheet.merge_cells("A1:I1")
    for cell, text in {
        "A3": "Ref", "B3": "Theme", "C3": "Measure", "D3": "Unit", "E3": "Proxy", "G3": "Evidence",
        "E4": "Value", "F4": "Price year", "I3": "Notes",
    }.items():  # fmt: skip
        sheet[cell] = text
    sheet.merge_cells("E3:F3")
    for column in "ABCDG":
        sheet.merge_cells(f"{column}3:{column}4")
    lines = [
        ("C1", "Water", "Locks mended", "Number", "£1,200.50", 2023, "Photograph"),
        ("C2", None, "Leaks stopped", "No. of", "n/a", 2023, "Photograph"),
        ("C3", None, "Reach surveyed", "km", "Record only", None, "Report"),
        (None, None, None, None, None, None, None),
        ("C4", "Land", "Share of towpath that is dry", "%", None, None, "Survey"),
        ("C5", None, "Hedges laid", "metres", "=E5*2", 2023, "Photograph"),
        ("C6", None, "Refund of tolls", "£", "(£3.25)", "2019/20", "Ledger"),
        ("Total", None, None, None, 2400, None, None),
    ]
    for number, cells in enumerate(lines, start=5):
        for index, cell in enumerate(cells, start=1):
            sheet.cell(number, index, cell)
    sheet.merge_cells("B5:B7")
    sheet["A14"] = "Note: values are rounded. Do not use them for anything real."
    sheet["A15"] = "Source: our own imagination, 2024"
    sheet["C5"].comment = Comment("mended, not only looked at", "us")
    workbook.create_sheet("Old").append(["Ref", "Measure"])
    workbook["Old"].sheet_state = "hidden"


def test_a_workbook_with_merged_headings_notes_formulas_and_hidden_sheets_is_read(start, bring_in):
    started = start(book(messy), name="set.xlsx")
    adds_up(started)
    counts = started.counts
    assert (counts["created"], counts["skipped"], counts["empty"], counts["rejected"]) == (6, 3, 2, 0)
    file_said = " ".join(text for _, text in counts["warnings"])
    assert "Hidden sheets were not read: Old" in file_said
    assert "never worked out" in said(started, 10)
    assert "comes in as a draft" in said(started, 9)
    assert "must be more than 0" in said(started, 11)
    assert "looks like a total" in said(started, 12)
    assert "note" in said(started, 14)
    assert "note" in said(started, 15)
    verbs.abandon(started, by=None)
    framework = bring_in(book(messy), name="set.xlsx")
    assert [m.theme.title for m in framework.measures.order_by("code")] == [*["Water"] * 3, *["Land"] * 3]
    assert value_of(framework, "C1").value == Decimal("1200.50")
    assert not Proxy.objects.filter(
        measure__framework=framework, measure__code__in=["C2", "C3", "C5", "C6"]
    ).exists()
    assert (of(framework, "C3").record_only, of(framework, "C2").record_only) == (True, False)
    assert (of(framework, "C4").status, of(framework, "C4").kind) == ("draft", "percentage")
    assert of(framework, "C6").kind == "money"


def test_two_sheets_are_asked_about_and_the_chosen_one_is_read(lena, db):
    def fill(sheet, workbook):
        sheet.append(["Code", "Measure", "Unit"])
        sheet.append(["A1", "Boats named", "boats"])
        other = workbook.create_sheet("Guidance")
        other.append(["Read this first"])

    started = verbs.start(book(fill), by=lena, name="two.xlsx")
    assert "more than one sheet" in started.message
    started = verbs.set_reading(started, by=lena, sheet="Measures")
    assert started.columns == {"code": 0, "title": 1, "unit": 2}


def test_headings_of_groups_are_themes_and_blank_columns_do_not_shift(start, bring_in):
    rows = [
        ["Jobs on the water", "", "", "", "", ""],
        ["W1", "", "Lock keepers trained", "", "People", "£10"],
        ["W2", "", "Pilots trained", "", "People", "£20"],
        ["Cleaner banks", "", "", "", "", ""],
        ["W3", "", "Banks cleared", "", "Hours", "-"],
        ["All values are in 2023 prices", "", "", "", "", ""],
    ]
    data = csv_file(rows, headings=["Ref", "", "Measure", "", "Unit", "Proxy value"], encoding="cp1252")
    framework = bring_in(data, price_year=2023)
    themes = dict(framework.measures.values_list("code", "theme__title"))
    assert themes == {"W1": "Jobs on the water", "W2": "Jobs on the water", "W3": "Cleaner banks"}
    assert value_of(framework, "W1").value == 10
    assert not of(framework, "W3").proxies.exists()
    done = framework.imports.get()
    assert done.counts["skipped"] == 3
    assert "theme" in said(done, 2)


def test_the_same_code_twice_rejects_both_rows_and_a_repeated_row_is_counted(start):
    started = start([row(), row(code="x1", title="Something else"), row(code="X3"), row(code="X3")])
    adds_up(started)
    assert (started.counts["rejected"], started.counts["repeated"], started.counts["created"]) == (2, 1, 1)
    assert "also that of row 3" in said(started, 2)
    assert "also that of row 2" in said(started, 3)


def test_codes_that_are_missing_are_made_up_and_stay_with_their_words_in_the_next_edition(bring_in):
    first = bring_in([row(code="", title="Locks mended"), row(code="", title="Hedges laid")])
    assert set(first.measures.values_list("code", flat=True)) == {"M-001", "M-002"}
    second = bring_in([row(code="", title="Boats named"), row(code="", title="Hedges laid")], edition="2027")
    assert dict(second.measures.values_list("title", "code")) == {
        "Hedges laid": "M-002",
        "Boats named": "M-003",
    }


def test_what_is_no_amount_is_said_and_the_measure_comes_in_without_it(start):
    started = start(
        [
            row(value="see note 3", code="A"),
            row(value="£5 per hour", unit="", code="B"),
            row(value="10", low="12", code="C"),
            row(value="7", year="soon", code="D"),
            row(title="", rule="", code="E"),
        ],
        price_year=2024,
    )
    adds_up(started)
    assert "comes in without this £ value" in said(started, 2)
    read = started.rows.get(row_number=3).values["read"]
    assert (read["values"][0]["value"], read["unit"]) == ("5", "Per hour")
    assert "above the value itself" in said(started, 4)
    assert "“soon” is not a year" in said(started, 5)
    assert "no title and no description" in said(started, 6)
    assert any("targets are agreed for each contract" in text for _, text in started.counts["warnings"])


def test_a_percentage_is_never_given_a_pound_value(bring_in):
    framework = bring_in([row(unit="%", value="500")])
    measure = of(framework, "X1")
    assert (measure.kind, measure.roll_up, measure.across) == ("percentage", "average", "average")
    assert not measure.proxies.exists()


def test_a_table_without_headings_is_proposed_from_what_its_columns_hold(lena, db):
    started = verbs.start(unit_costs(), by=lena, name="costs.csv")
    assert "which row holds the column headings" in started.message
    started = verbs.set_reading(started, by=lena, encoding=started.encoding, header_row=0)
    assert started.columns == {
        "code": 2, "theme": 0, "outcome": 1, "title": 3, "unit": 6, "value": 7, "price_year": 8,
        "source": 10, "source_url": 13, "confidence": 11, "note": 12,
    }  # fmt: skip
    assert started.rows_total == 4


def test_old_prices_are_kept_as_old_and_said_to_be(bring_in):
    framework = bring_in(unit_costs(), name="costs.csv", header_row=0)
    proxy = of(framework, "CL1.0").proxies.get()
    assert (proxy.price_year, proxy.name) == (2005, "Value per unit (2005/06 prices)")
    assert "Prices of 2005/06" in proxy.note
    assert "Confidence: A." in proxy.note
    assert proxy.source_url == "http://canals.example/drained"
    assert value_of(framework, "CB2.0").value == Decimal("327.8333")
    done = framework.imports.get()
    assert any("in old prices, of 2005/06 to 2012/13" in text for _, text in done.counts["warnings"])


def test_several_columns_of_values_are_several_values_of_one_measure(bring_in):
    headings = ["Code", "Measure", "Unit", "Fiscal", "Economic", "Social", "Year"]
    data = csv_file([["K1", "Leak stopped", "leaks", "£10", "", "£2", "2023"]], headings=headings)
    framework = bring_in(data, usual="")
    proxies = Proxy.objects.filter(measure__framework=framework).order_by("pk")
    assert [one.name for one in proxies] == ["Fiscal (2023 prices)", "Social (2023 prices)"]
    assert not any(one.is_usual for one in proxies)
    again = bring_in(data.replace(b"K1", b"K2"), usual="value", edition="2027")
    usual = Proxy.objects.get(measure__framework=again, is_usual=True)
    assert usual.name == "Fiscal (2023 prices)"


def test_known_headings_win_over_their_order_and_texts_are_no_amounts():
    headings = ["Measure", "Proxy", "Proxy value", "Lower bound", "Upper bound", "Unit of measure", "URL"]
    data = csv_file(
        [["Trees", "Cost of a tree", "£4", "3", "5", "trees", "https://a.example"]], headings=headings
    )
    table = reading.open_table(data, name="a.csv")
    assert guessing.propose_columns(table) == {
        "title": 0, "value": 2, "low": 3, "high": 4, "unit": 5, "source_url": 6,
    }  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_pound_signs_are_read_however_they_are_stored(bring_in, encoding):
    framework = bring_in(csv_file([row(value="£12.34")], headings=HEADINGS, encoding=encoding))
    assert value_of(framework, "X1").value == Decimal("12.34")


def test_units_that_only_say_that_something_is_counted_are_one_unit(bring_in):
    rows = [
        row(code=str(n), title=f"M {n}", unit=unit) for n, unit in enumerate(("No.", "each", "Y/N - say how"))
    ]
    framework = bring_in(rows)
    found = {m.code: (m.unit.name, m.kind) for m in framework.measures.select_related("unit")}
    assert found == {"0": ("units", "count"), "1": ("units", "count"), "2": ("yes or no", "yes_no")}


def test_a_table_that_says_all_of_it_keeps_all_of_it(bring_in):
    headings = [
        "Mission", "Theme", "Code", "KPI", "Type", "Polarity", "Numerator", "Denominator", "Unit",
        "Proxy value", "Valid from", "Valid to", "Area", "Localism", "Confidence", "Link",
    ]  # fmt: skip
    rows = [
        ["Fair canals", "Tolls", "Q1", "Share of tolls refunded", "Percentage", "Lower is better",
         "Tolls refunded", "Tolls paid", "%", "", "", "", "", "", "", ""],
        ["Fair canals", "Tolls", "Q2", "Tolls spent here", "Money", "Higher", "", "", "£", "0.0874",
         "01/04/2024", "31/03/2025", "Calderbeck", "Local", "B", "www.canals.example/tolls"],
        ["Fair canals", "Tolls", "Q3", "Tolls told", "Something odd", "sideways", "", "", "tolls", "1",
         "2024", "2023", "", "perhaps", "", "none"],
    ]  # fmt: skip
    framework = bring_in(csv_file(rows, headings=headings), price_year=2024, geography="The north")
    assert framework.themes.get().heading == "Fair canals"
    share = of(framework, "Q1")
    assert (share.status, share.direction) == ("live", "lower")
    assert (share.numerator_name, share.denominator_name) == ("Tolls refunded", "Tolls paid")
    spent = of(framework, "Q2").proxies.get()
    assert (of(framework, "Q2").kind, spent.values.get().value) == ("money", Decimal("0.0874"))
    assert (spent.stream, spent.geography, spent.note) == ("local", "Calderbeck", "Confidence: B.")
    assert (str(spent.valid_from), str(spent.valid_until)) == ("2024-04-01", "2025-03-31")
    assert spent.source_url == "https://www.canals.example/tolls"
    told = of(framework, "Q3").proxies.get()
    assert (told.stream, told.geography, told.valid_from) == ("social", "The north", None)
    words = said(framework.imports.get(), 4)
    for part in (
        "no kind of figure we know",
        "which way is better",
        "neither local nor social",
        "before the day",
    ):
        assert part in words
