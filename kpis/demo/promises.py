"""What each kind of work is asked for at the demo council, and how such figures move over a year."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Ask:
    """One measure a kind of work is asked for.

    `rate` is the amount a year for each £1m a year of contract value, or the level to hold where `is_level`.
    """

    code: str
    rate: Decimal
    least: int = 1
    most: int = 100000
    is_level: bool = False


def ask(code: str, rate: str, least: int = 1, most: int = 100000) -> Ask:
    """Return an amount asked for each year."""
    return Ask(code, Decimal(rate), least, most)


def level(code: str, amount: str) -> Ask:
    """Return a level to hold, in per cent."""
    return Ask(code, Decimal(amount), is_level=True)


ASKS: dict[str, list[Ask]] = {
    "works": [
        ask("SV-09", "42", 26, 900),
        ask("SV-01", "1.1", 1, 18),
        ask("SV-03", "0.4", 1, 4),
        ask("SV-18", "9000", 6000, 120000),
        level("SV-35", "95"),
        ask("SV-15", "16", 24, 220),
        ask("SV-34", "14", 12, 300),
    ],
    "outdoor": [
        ask("SV-01", "1.3", 2, 16),
        ask("SV-05", "0.7", 1, 8),
        ask("SV-32", "9", 6, 240),
        level("SV-33", "35"),
        ask("SV-25", "26", 40, 400),
        ask("SV-14", "0.4", 1, 3),
    ],
    "care": [
        level("SV-07", "100"),
        ask("SV-12", "5", 6, 60),
        ask("SV-03", "0.5", 1, 3),
        ask("SV-01", "1.6", 2, 14),
        level("SV-28", "60"),
    ],
    "cleaning": [
        level("SV-07", "100"),
        ask("SV-05", "1.4", 1, 5),
        ask("SV-01", "1.6", 1, 6),
        ask("SV-03", "0.6", 1, 2),
        level("SV-08", "10"),
    ],
    "catering": [
        ask("SV-17", "210000", 50000, 900000),
        ask("SV-10", "1", 1, 4),
        ask("SV-14", "0.7", 1, 2),
        level("SV-35", "80"),
    ],
    "transport": [
        level("SV-33", "20"),
        ask("SV-01", "1.4", 1, 6),
        ask("SV-13", "6", 4, 24),
        ask("SV-31", "120", 40, 600),
    ],
    "it": [
        ask("SV-10", "0.7", 1, 3),
        ask("SV-15", "18", 16, 80),
        ask("SV-24", "4500", 1500, 12000),
        ask("SV-22", "14", 12, 60),
    ],
    "office": [
        ask("SV-15", "22", 12, 90),
        ask("SV-22", "28", 12, 120),
        ask("SV-16", "30", 24, 160),
        level("SV-20", "95"),
    ],
    "goods": [ask("SV-17", "60000", 10000, 300000), ask("SV-23", "1200", 500, 6000), level("SV-20", "95")],
    "voluntary": [
        ask("SV-25", "240", 60, 700),
        ask("SV-16", "120", 40, 320),
        ask("SV-14", "1.5", 1, 3),
        ask("SV-27", "900", 120, 1800),
    ],
    "leisure": [
        ask("SV-27", "620", 200, 6000),
        ask("SV-25", "40", 40, 360),
        ask("SV-12", "4", 4, 36),
        ask("SV-32", "11", 5, 110),
    ],
}

# What one contract is asked for besides: figures that can fall below nought, wellbeing years, works done
# well, and measures of the council's own editions ("edition:code").
ASKS_OF_ONE: dict[str, list[Ask]] = {
    "Security and concierge": [ask("SV-40", "3", 2, 9)],
    "Temporary staff, managed service": [ask("SV-40", "1", 2, 12), ask("SV-49", "3", 6, 40)],
    "Street lighting replacement": [ask("SV-72", "14", 24, 160)],
    "Recycling processing": [ask("SV-78", "6", 8, 90), ask("SV-79", "4", 6, 60)],
    "Leisure centres operation": [ask("SV-60", "1.4", 4, 40)],
    "Mental wellbeing helpline": [ask("SV-60", "9", 3, 12), ask("SV-69", "900", 200, 2400)],
    "Town Hall restoration": [level("SV-81", "90"), level("SV-84", "85")],
    "Highways resurfacing": [level("SV-84", "80"), ask("SV-41", "0.3", 1, 4)],
    "Digital inclusion programme": [ask("SV-70", "600", 60, 400)],
    "Allotments improvement": [ask("2023:CM-01", "300", 12, 40), ask("2023:CM-02", "900", 40, 160),
                               ask("2023:CM-03", "4000", 120, 600), ask("2023:CM-04", "300", 8, 40)],
    "Community centre management": [ask("2025:CM-01", "240", 24, 60), ask("2025:CM-02", "700", 60, 240),
                                    ask("2025:CM-03", "4000", 240, 1200), ask("2025:CM-05", "900", 80, 400)],
}  # fmt: skip

# How many of its kind's asks a contract of a value band has, smallest band first: (up to £000, number).
ASKS_BY_VALUE = [(400, 2), (1000, 3), (5000, 4), (12000, 5), (10**9, 7)]

# Months in which a measure runs high or low, by calendar month; the rest are 1.
SEASONS: dict[str, dict[int, str]] = {
    "SV-09": {8: "0.75", 12: "0.7", 9: "1.1"},
    "SV-10": {9: "2.6", 10: "1.8", 8: "0.3", 12: "0.4", 7: "0.4"},
    "SV-12": {7: "1.6", 12: "0.5", 1: "0.7", 8: "0.5"},
    "SV-13": {6: "1.8", 7: "2", 8: "0.2", 12: "0.3"},
    "SV-14": {7: "1.7", 9: "1.9", 12: "0.3"},
    "SV-15": {8: "0", 12: "0.5", 3: "1.6", 11: "1.4", 7: "0.6"},
    "SV-16": {8: "0.4", 12: "0.5"},
    "SV-25": {6: "1.5", 9: "1.4", 12: "0.6", 1: "0.6"},
    "SV-27": {7: "1.4", 8: "1.5", 12: "0.7", 1: "0.8"},
    "SV-32": {5: "1.2", 12: "0.7"},
    "SV-34": {12: "0.6", 8: "0.9"},
}

# What managers write, by how the figure to date stands.
COMMENTS = {
    "on_track": [
        "",
        "",
        "",
        "",
        "Checked against the supplier's log at the monthly meeting.",
        "A good month: the supplier's new co-ordinator is in post.",
        "Two more starters than planned, from the jobs fair.",
        "",
    ],
    "watch": [
        "Slightly behind; the supplier expects to catch up next quarter.",
        "Two placements moved into next month at the college's request.",
        "The supplier's figures arrived late and were checked on the phone.",
    ],
    "behind": [
        "Recruitment has stalled. Raised at the contract meeting; the supplier will bring a plan.",
        "Fewer starts on site than programmed, so fewer opportunities. Recovery plan asked for.",
        "The training provider closed its course. The supplier is looking for another.",
        "Delayed site start. The supplier has promised to make the shortfall good by year end.",
    ],
}
# Contract -> measure -> share of target it really delivers: the stories a reader will find.
STORIES: dict[tuple[str, str], str] = {
    ("Highways resurfacing", "SV-09"): "1.12",
    ("Highways resurfacing", "SV-03"): "0.55",
    ("Town Hall restoration", "SV-09"): "0.83",
    ("Town Hall restoration", "SV-15"): "1.35",
    ("Leisure centre rebuild", "SV-01"): "0.62",
    ("Household waste collection", "SV-32"): "1.25",
    ("Household waste collection", "SV-05"): "0.7",
    ("Home care, north", "SV-12"): "0.93",
    ("Office cleaning", "SV-05"): "1.4",
    ("School catering, primary", "SV-17"): "1.08",
    ("New build homes, Eastfield", "SV-34"): "1.3",
    ("Youth service, east", "SV-14"): "1.3",
}
