"""Headings against fields."""

from __future__ import annotations

from spreadsheets.mapping import Header, letter, normal, propose, signature


def headed(*texts: str) -> list[Header]:
    return [Header(index, text, normal(text)) for index, text in enumerate(texts)]


def test_headings_match_on_letters_and_digits_only() -> None:
    assert normal(" * SUPPLIER\n final: ") == "supplierfinal"
    assert normal("Net Amount(£)") == "netamount"


def test_a_signature_ignores_capitals_and_ghosts_but_not_order() -> None:
    assert signature(headed("Contract no.", "Title")) == signature(headed("CONTRACT NO", " title ", "", ""))
    assert signature(headed("Title", "Contract no.")) != signature(headed("Contract no.", "Title"))
    assert signature(headed("A", "", "B")) != signature(headed("A", "B"))


def test_the_first_variant_wins_and_the_others_are_reported() -> None:
    proposal = propose(
        headed("Annual contract value", "Contract value"),
        {"value": ["Contract value", "Annual contract value"]},
    )
    assert proposal.columns == {"value": 1}
    assert proposal.ambiguous == {"value": (0,)}


def test_two_columns_of_one_name_are_told_apart_by_place() -> None:
    proposal = propose(headed("Name", "Sum", "Name"), {"supplier": ["Name"]})
    assert (proposal.columns, proposal.ambiguous) == ({"supplier": 0}, {"supplier": (2,)})
    assert [header.index for header in proposal.unused] == [1, 2]


def test_one_column_feeds_one_field() -> None:
    proposal = propose(
        headed("Description"), {"title": ["Title", "Description"], "description": ["Description"]}
    )
    assert proposal.columns == {"title": 0}
    assert proposal.ambiguous == {"description": (0,)}


def test_a_misspelt_heading_is_offered_as_a_guess() -> None:
    proposal = propose(headed("Directotate"), {"department": ["Directorate"]})
    assert proposal.columns == {"department": 0}
    assert proposal.guessed == ("department",)


def test_columns_are_named_as_in_a_spreadsheet() -> None:
    assert [letter(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
