"""The words of the bundled frameworks beside the starter set: names, outcomes and what could be seen of them.

Only what was read in a source stands here. What wasn't seen is left blank for the council to fill in, and
each framework's `about` says so. None holds a £ value.
"""

SOCIAL_VALUE_MODEL: dict = {
    "key": "social-value-model-2025",
    "name": "Social Value Model",
    "edition": "February 2025",
    "facts": {
        "about": (
            "The central government model of Procurement Policy Note 002. Central government bodies must "
            "use it; councils may. Here are its eight outcomes, the five parts of the first, and the two "
            "measures of its reporting that could be read in public sources, described in our own words "
            "with codes of our own.\n\n"
            "Left to fill in from the published model: the parts of outcomes 2 to 8, the full list of "
            "reporting measures, and the mission each outcome stands under. The model names five missions: "
            "Kickstart economic growth; Make Britain a clean energy superpower; Take back our streets; "
            "Break down barriers to opportunity; Build an NHS fit for the future. Which outcomes stand "
            "under which was not checked, so the heading of each outcome is blank.\n\n"
            "The licence is believed to be the Open Government Licence: check before publishing more of it."
        ),
        "source": "Procurement Policy Note 002: taking account of social value, and summaries of it",
        "source_url": (
            "https://www.gov.uk/government/publications/"
            "ppn-002-taking-account-of-social-value-in-the-award-of-contracts"
        ),
        "licence": "Open Government Licence v3.0 (believed: check)",
        "licence_url": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        "offered": "chosen",
    },
    # (code, title, about, outcomes), an outcome being its title, or its code and title.
    "themes": [
        (
            "1", "Fair work", "",
            [
                ("1a", "Create and retain high-quality jobs"),
                ("1b", "Fair working conditions"),
                ("1c", "Fair pay"),
                ("1d", "In-work progression"),
                ("1e", "Identify and manage risks, modern slavery among them"),
            ],
        ),
        ("2", "Skills for growth", "", []),
        ("3", "Resilient, innovative and flexible supply chains", "", []),
        ("4", "Sustainable procurement practices", "", []),
        ("5", "Reduction in crime", "", []),
        ("6", "Employment and training for those facing barriers", "", []),
        ("7", "Reducing barriers to entry for under-represented groups", "", []),
        ("8", "Productivity through physical and mental wellbeing", "", []),
    ],
    "measures": [
        {
            "code": "GOV-JOBS", "theme": "1", "outcome": 1, "unit": "fte",
            "title": "Full-time equivalent job opportunities created under the contract",
            "rule": (
                "Count full-time equivalents in the month somebody starts in a post that exists because of "
                "this contract. Half-time counts as 0.5. Use the contract's own definition where it has one."
            ),
            "evidence": "A list of posts filled by month and hours, with names removed.",
        },
        {
            "code": "GOV-APPR", "theme": "2", "unit": "people",
            "title": "Apprenticeship opportunities created under the contract",
            "rule": (
                "Count each apprentice in the month they start because of this contract. Use the contract's "
                "own definition where it has one."
            ),
            "evidence": "Start dates and standards from the apprenticeship agreements, with names removed.",
        },
    ],
}  # fmt: skip

MANCHESTER: dict = {
    "key": "manchester-objectives",
    "name": "Manchester social value objectives",
    "edition": "Six objectives",
    "facts": {
        "about": (
            "The six objectives of Manchester City Council's social value policy as the Local Government "
            "Association describes them: headings to report by, or a pattern for a council's own list. "
            "There are no measures of its own; measures of the starter set point to them.\n\n"
            "The policy was refreshed in March 2021, with more priority groups. That list was not seen and "
            "is left to fill in."
        ),
        "source": (
            "Local Government Association, Inclusive economies: Manchester City Council considering social "
            "value in procurement"
        ),
        "source_url": (
            "https://www.local.gov.uk/"
            "inclusive-economies-manchester-city-council-considering-social-value-procurement"
        ),
        "licence": "None stated where seen: only the names of the six objectives are given, with source",
        "offered": "chosen",
    },
    "themes": [
        ("EMPLOYMENT", "Employment and economic sustainability", "", []),
        ("LIVING", "Raise living standards", "", []),
        ("TAKING-PART", "Participation and engagement", "", []),
        ("VCS", "Capacity of the voluntary and community sector", "", []),
        ("FAIRNESS", "Equity and fairness", "", []),
        ("GREEN", "Environmental sustainability", "", []),
    ],
    "measures": [],
}  # fmt: skip

FRAMEWORKS = [SOCIAL_VALUE_MODEL, MANCHESTER]

# Framework -> theme -> numbers of the starter measures (SV-..) that plainly count under it too.
ALSO: dict[str, dict[str, str]] = {
    "social-value-model-2025": {
        "1": "01 02 07 08 29 38 39 40 50 53",
        "2": "09 10 11 12 13 15 54 55 58 59",
        "3": "18 19 20 21 22 61 63 64 65 66",
        "4": "31 32 33 34 35 36 37 72 73 74 75 76 77 78 79 80",
        "5": "43 67",
        "6": "03 04 05 14 16 41 43 44 45 46 56",
        "7": "06 42 47 48 49",
        "8": "28 60 68",
    },
    "manchester-objectives": {
        "EMPLOYMENT": "01 02 03 05 09 10 17 38 39 40 41 61 62",
        "LIVING": "07 08 50 70",
        "TAKING-PART": "25 26 27 69 71",
        "VCS": "18 22 23 24 25 66",
        "FAIRNESS": "03 06 14 42 43 44 47 48 49",
        "GREEN": "31 32 33 34 35 36 37 72 73 74 75 76 77 78 79 80",
    },
}
