"""The starter set on economy, communities, climate and nature: our own words, without any £ values.

Each has a code, theme, outcome (1 or 2 of its theme), title, unit, counting rule and evidence; then what
is not usual: a number that adds up, where higher is better, without groups of people, is not said.
"""

# fmt: off
MEASURES = [
    {
        "code": "SV-17", "theme": "ECONOMY", "outcome": 1, "unit": "pounds", "kind": "money",
        "title": "Spend with organisations in the council's area",
        "rule": (
            "Count pounds, without VAT, paid in the month for this contract to organisations "
            "whose working address is in the council's area. Leave out wages and payments within "
            "the supplier's own group."
        ),
        "evidence": "A purchase ledger extract: payee, postcode district, date, amount.",
    },
    {
        "code": "SV-18", "theme": "ECONOMY", "outcome": 1, "unit": "pounds", "kind": "money",
        "title": "Spend with charities, community groups and social enterprises (VCSEs)",
        "rule": (
            "Count pounds, without VAT, paid in the month for goods and services for this "
            "contract to registered charities, community interest companies, community benefit "
            "societies and the like. Gifts don't count here."
        ),
        "evidence": "A purchase ledger extract with each payee's charity or company number.",
    },
    {
        "code": "SV-19", "theme": "ECONOMY", "outcome": 1, "unit": "percent", "kind": "percentage",
        "roll_up": "average",
        "title": "Share of subcontract spend with small and medium-sized firms",
        "above": "pounds paid to firms with fewer than 250 staff",
        "below": "all pounds paid to subcontractors",
        "rule": (
            "Payments made in the month for this contract, without VAT. Above the line: firms "
            "with fewer than 250 staff that don't belong to a larger group."
        ),
        "evidence": "A purchase ledger extract marked by size of firm.",
    },
    {
        "code": "SV-20", "theme": "ECONOMY", "outcome": 1, "unit": "percent", "kind": "percentage",
        "roll_up": "average",
        "title": "Share of subcontractors' invoices paid within 30 days",
        "above": "invoices paid within 30 days",
        "below": "all invoices paid",
        "rule": (
            "Undisputed invoices from subcontractors on this contract that were paid in the "
            "month, counted from the day they were received."
        ),
        "evidence": "A payments report from the ledger: received, paid, days.",
    },
    {
        "code": "SV-21", "theme": "ECONOMY", "outcome": 1, "unit": "organisations",
        "title": "Local suppliers met at supplier events",
        "rule": (
            "Count organisations from the council's area that attended an event at which work "
            "under this contract was on offer. Count an organisation once each financial year."
        ),
        "evidence": "The date, place and attendance list of the event.",
    },
    {
        "code": "SV-22", "theme": "ECONOMY", "outcome": 2, "unit": "hours",
        "title": "Hours of expert advice given to VCSEs and small firms",
        "rule": (
            "Count hours given free of charge by staff in the trade they are qualified for: "
            "legal, financial, design, bid writing and the like."
        ),
        "evidence": (
            "A log of date, organisation helped, subject and hours, confirmed by the "
            "organisation."
        ),
    },
    {
        "code": "SV-23", "theme": "ECONOMY", "outcome": 2, "unit": "pounds", "kind": "money",
        "title": "Cash given to community funds and local projects",
        "rule": (
            "Count pounds in the month they leave the supplier's account for the fund or project "
            "named in the contract. A promise doesn't count."
        ),
        "evidence": "The remittance and the receipt from the fund or project.",
    },
    {
        "code": "SV-24", "theme": "ECONOMY", "outcome": 2, "unit": "pounds", "kind": "money",
        "title": "Materials and equipment given to community groups",
        "rule": (
            "Count the price the supplier paid, or the second-hand price for used things, in the "
            "month they are handed over."
        ),
        "evidence": "A list of what was given, to whom, with the receiver's confirmation.",
    },
    {
        "code": "SV-25", "theme": "COMMUNITY", "outcome": 1, "unit": "hours",
        "title": "Volunteer hours given in working time",
        "rule": (
            "Count hours given by staff of the supplier and its subcontractors, in paid time, to "
            "community groups in the council's area. Leave out travel, fundraising at work and "
            "hours counted under another KPI."
        ),
        "evidence": (
            "A log of date, place, activity, number of staff and hours, confirmed by the "
            "community group."
        ),
    },
    {
        "code": "SV-26", "theme": "COMMUNITY", "outcome": 1, "unit": "activities",
        "title": "Community projects finished",
        "rule": (
            "Count a project in the month it is handed over: for example a repaired hall, a play "
            "area, a garden. The community group must have asked for it or agreed to it "
            "beforehand."
        ),
        "evidence": (
            "Photographs without recognisable people, and the group's word that the work is done."
        ),
    },
    {
        "code": "SV-27", "theme": "COMMUNITY", "outcome": 1, "unit": "people",
        "title": "Residents who took part in activities the supplier ran",
        "rule": "Count attendances: somebody who comes twice counts twice. Leave out staff.",
        "evidence": "A log of date, place, activity and head count.",
    },
    {
        "code": "SV-28", "theme": "COMMUNITY", "outcome": 2, "unit": "percent", "kind": "percentage",
        "roll_up": "latest",
        "title": "Share of staff trained in mental health awareness",
        "above": "staff trained within the last three years",
        "below": "all staff working on the contract",
        "rule": (
            "On the last working day of the month, for everybody who spends half their time or "
            "more on this contract."
        ),
        "evidence": "The training register by course and date, with names removed.",
    },
    {
        "code": "SV-29", "theme": "COMMUNITY", "outcome": 2, "unit": "yes-no", "kind": "yes_no",
        "roll_up": "latest",
        "title": "A current check for modern slavery in the supply chain is in place",
        "rule": (
            "Answer yes where the supplier has looked at every tier of this contract's supply "
            "chain it can reach within the last 12 months and acts on what it found."
        ),
        "evidence": "The assessment with its date, and the plan where risks were found.",
    },
    {
        "code": "SV-30", "theme": "COMMUNITY", "outcome": 2, "unit": "activities",
        "direction": "lower",
        "title": "Accidents on the contract that had to be reported by law",
        "rule": (
            "Count accidents to staff or the public in the month they happened, where the law "
            "required a report to the safety regulator."
        ),
        "evidence": "The reports' reference numbers and dates.",
    },
    {
        "code": "SV-31", "theme": "CLIMATE", "outcome": 1, "unit": "tco2e", "direction": "lower",
        "title": "Carbon emitted in delivering the contract",
        "rule": (
            "Add fuel, electricity, gas and travel used for this contract, turned into tonnes of "
            "CO2 equivalent with the government's conversion factors for the year. Say which "
            "year's factors were used."
        ),
        "evidence": "The carbon workbook with meter readings, fuel cards and mileage.",
    },
    {
        "code": "SV-32", "theme": "CLIMATE", "outcome": 1, "unit": "tco2e",
        "title": "Carbon saved by changes the supplier made",
        "rule": (
            "Count tonnes of CO2 equivalent saved in the month against how the work was done "
            "before, where the change is the supplier's own and beyond what the specification "
            "asks for."
        ),
        "evidence": "The calculation, its baseline and the conversion factors used.",
    },
    {
        "code": "SV-33", "theme": "CLIMATE", "outcome": 1, "unit": "percent", "kind": "percentage",
        "roll_up": "average",
        "title": "Share of vehicle miles driven with no tailpipe emissions",
        "above": "miles driven by electric or hydrogen vehicles, or cycled",
        "below": "all miles driven",
        "rule": (
            "Miles driven in the month for this contract by the supplier's and subcontractors' "
            "vehicles."
        ),
        "evidence": "Mileage records by vehicle and fuel.",
    },
    {
        "code": "SV-34", "theme": "CLIMATE", "outcome": 2, "unit": "tonnes", "direction": "lower",
        "title": "Waste sent to landfill",
        "rule": (
            "Count tonnes from this contract sent to landfill in the month, by the weighbridge or"
            " the carrier's figure."
        ),
        "evidence": "Waste transfer notes or the carrier's monthly report.",
    },
    {
        "code": "SV-35", "theme": "CLIMATE", "outcome": 2, "unit": "percent", "kind": "percentage",
        "roll_up": "average",
        "title": "Share of waste reused or recycled",
        "above": "tonnes reused or recycled",
        "below": "all tonnes of waste",
        "rule": (
            "All waste of this contract that left site in the month. Burning for energy doesn't "
            "count as recycling."
        ),
        "evidence": "Waste transfer notes or the carrier's monthly report.",
    },
    {
        "code": "SV-36", "theme": "CLIMATE", "outcome": 2, "unit": "activities",
        "title": "Trees planted and looked after",
        "rule": (
            "Count trees in the month they are planted in the council's area, where their care is"
            " paid for over at least three years. Replacements for trees that died don't count."
        ),
        "evidence": "A map or list of places and numbers, and the maintenance agreement.",
    },
    {
        "code": "SV-37", "theme": "CLIMATE", "outcome": 1, "unit": "dates", "kind": "milestone",
        "roll_up": "latest",
        "title": "Carbon reduction plan for this contract agreed with the council",
        "rule": "Give the date on which the council's contract manager agreed the plan in writing.",
        "evidence": "The plan and the message agreeing it.",
    },
]
