"""More measures of the starter set on the local economy and on work done well: our own words.

Each has a code, theme, outcome (1 or 2 of its theme), title, unit, counting rule and evidence; then what
is not usual: a number that adds up, where higher is better, without groups of people, is not said.
"""

# fmt: off
MEASURES = [
    {
        "code": "SV-61", "theme": "ECONOMY", "outcome": 1, "unit": "pounds", "kind": "money",
        "title": "Spend with small and medium-sized firms",
        "rule": (
            "Count pounds, without VAT, paid in the month for this contract to firms with fewer than 250 "
            "staff that don't belong to a larger group, wherever they are."
        ),
        "evidence": "A purchase ledger extract marked by size of firm.",
    },
    {
        "code": "SV-62", "theme": "ECONOMY", "outcome": 1, "unit": "percent", "kind": "percentage",
        "roll_up": "average",
        "title": "Share of the contract's spend that stays in the area",
        "above": "pounds paid to organisations in the council's area",
        "below": "all pounds paid to other organisations",
        "rule": (
            "Payments made in the month for this contract, without VAT and without wages. Above the "
            "line: organisations whose working address is in the council's area."
        ),
        "evidence": "A purchase ledger extract: payee, postcode district, date, amount.",
    },
    {
        "code": "SV-63", "theme": "ECONOMY", "outcome": 1, "unit": "contracts", "record_only": True,
        "title": "Subcontracts given to small firms and VCSEs",
        "rule": (
            "Count each subcontract or order of a month's work or more in the month it is signed, where "
            "the firm has fewer than 250 staff or is a charity or social enterprise. An order that "
            "follows from one already counted doesn't count again."
        ),
        "evidence": "A list of subcontracts: firm, size or charity number, date and value.",
    },
    {
        "code": "SV-64", "theme": "ECONOMY", "outcome": 1, "unit": "pounds-invested", "kind": "money",
        "title": "Money and staff time put into meetings with local suppliers",
        "rule": (
            "Count pounds spent on the event, plus staff hours there at what they cost the supplier, in "
            "the month it takes place. Real work under this contract must be on offer."
        ),
        "evidence": "Invoices, a sheet of staff hours with the hourly cost used, and the attendance list.",
    },
    {
        "code": "SV-65", "theme": "ECONOMY", "outcome": 1, "unit": "percent", "kind": "percentage",
        "roll_up": "latest",
        "title": "Share of subcontractors with a current cyber security certificate",
        "above": "subcontractors with a certificate in date",
        "below": "all subcontractors that handle data or systems for the contract",
        "rule": (
            "On the last working day of the month. A certificate counts where the scheme is run or backed "
            "by government, or is an international standard."
        ),
        "evidence": "A list of subcontractors with scheme, certificate number and end date.",
    },
    {
        "code": "SV-66", "theme": "ECONOMY", "outcome": 2, "unit": "organisations",
        "title": "New enterprises in the area helped to their first year of trading",
        "rule": (
            "Count an organisation once, in the month it has traded for 12 months, where the supplier "
            "gave it ten hours or more of help, rooms or equipment since it began."
        ),
        "evidence": "The company or charity number and the organisation's word on the help it had.",
    },
    {
        "code": "SV-81", "theme": "DELIVERY", "outcome": 1, "unit": "percent", "kind": "percentage",
        "roll_up": "average",
        "title": "Share of stages of the work finished by the day agreed",
        "above": "stages finished on or before their day",
        "below": "stages due or finished early in the month",
        "rule": (
            "The day is the one in the programme last agreed with the council in writing before the stage "
            "began. A stage finished late counts below the line in the month it was due."
        ),
        "evidence": "The agreed programme and the certificates or letters saying each stage is done.",
    },
    {
        "code": "SV-82", "theme": "DELIVERY", "outcome": 1, "unit": "percent", "kind": "percentage",
        "direction": "lower", "roll_up": "latest",
        "title": "What the work is expected to cost in the end, against the price agreed",
        "above": "pounds the work is expected to cost in the end",
        "below": "pounds of the price agreed",
        "rule": (
            "By the last valuation of the month. The price agreed moves only with changes the council "
            "asked for in writing. 100 means on price; more means over it."
        ),
        "evidence": "The month's cost report and the list of changes agreed.",
    },
    {
        "code": "SV-83", "theme": "DELIVERY", "outcome": 1, "unit": "items", "direction": "lower",
        "record_only": True,
        "title": "Defects found when work was handed over",
        "rule": (
            "Count each entry of the list drawn up at handover in the month of the handover, whatever its "
            "size. Things the council asked for only later don't count."
        ),
        "evidence": "The signed list of defects for each handover.",
    },
    {
        "code": "SV-84", "theme": "DELIVERY", "outcome": 2, "unit": "percent", "kind": "percentage",
        "roll_up": "average",
        "title": "Share of residents and users who are satisfied with the work",
        "above": "people who said they were satisfied or very satisfied",
        "below": "people who answered",
        "rule": (
            "From a question put to everybody the work was for or who lives beside it, within a month of "
            "its end. Answers that name nobody are enough."
        ),
        "evidence": "The question, how many were asked, and the count of each answer.",
    },
    {
        "code": "SV-85", "theme": "DELIVERY", "outcome": 2, "unit": "score", "roll_up": "latest",
        "record_only": True, "across": "none",
        "title": "Score of the site in an independent scheme for considerate working",
        "rule": (
            "The score of the last visit by an assessor who is not paid by the contract's own team. Say "
            "the scheme and the highest score possible in the comment. A month without a visit repeats "
            "the last score."
        ),
        "evidence": "The assessor's report with date and score.",
    },
]
