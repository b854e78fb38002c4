"""More measures of the starter set on climate and nature: our own words, without any £ values.

Each has a code, theme, outcome (1 or 2 of its theme), title, unit, counting rule and evidence; then what
is not usual: a number that adds up, where higher is better, without groups of people, is not said.
"""

# fmt: off
MEASURES = [
    {
        "code": "SV-72", "theme": "CLIMATE", "outcome": 1, "unit": "tco2e", "can_be_negative": True,
        "title": "Carbon cut against the contract's agreed baseline",
        "rule": (
            "The baseline's tonnes of CO2 equivalent for the month, less those emitted, both with the "
            "same year's government conversion factors. Where more was emitted than the baseline, the "
            "figure is below 0. Don't use it beside the measure of carbon saved by single changes."
        ),
        "evidence": "The agreed baseline and the month's carbon workbook.",
    },
    {
        "code": "SV-73", "theme": "CLIMATE", "outcome": 1, "unit": "kwh", "direction": "lower",
        "record_only": True,
        "title": "Energy used in delivering the contract",
        "rule": (
            "Add electricity, gas and other fuel burnt at places used for this contract, in kilowatt "
            "hours, by meter or bill. A shared place counts by this contract's share of it."
        ),
        "evidence": "Meter readings or bills, and how a share was worked out.",
    },
    {
        "code": "SV-74", "theme": "CLIMATE", "outcome": 1, "unit": "percent", "kind": "percentage",
        "roll_up": "average",
        "title": "Share of electricity used that is renewable",
        "above": "kilowatt hours made on site or bought with certificates of origin",
        "below": "all kilowatt hours of electricity used for the contract",
        "rule": (
            "For the month's use. A green tariff counts only where the supplier can show certificates "
            "for the same year."
        ),
        "evidence": "Bills, certificates of origin and generation meter readings.",
    },
    {
        "code": "SV-75", "theme": "CLIMATE", "outcome": 2, "unit": "litres",
        "title": "Mains water saved",
        "rule": (
            "Litres used in the same month of the year before the change, less litres used now, where "
            "the change is the supplier's own. Adjust for how much work was done."
        ),
        "evidence": "Meter readings or bills of both months and the adjustment made.",
    },
    {
        "code": "SV-76", "theme": "CLIMATE", "outcome": 1, "unit": "attendee-hours",
        "title": "Hours of training on carbon and the climate",
        "rule": (
            "Count the length of each session multiplied by those who attended: staff, subcontractors, "
            "pupils or residents. Leave out inductions."
        ),
        "evidence": "A log of date, subject, length and head count.",
    },
    {
        "code": "SV-77", "theme": "CLIMATE", "outcome": 2, "unit": "expert-hours",
        "title": "Hours of expert help on reuse, repair and using less",
        "rule": (
            "Count hours given free of charge to residents, charities or small firms by staff in the "
            "trade they are qualified for. Preparation and travel are left out."
        ),
        "evidence": "A log of date, who was helped, subject and hours, confirmed by them.",
    },
    {
        "code": "SV-78", "theme": "CLIMATE", "outcome": 2, "unit": "tonnes",
        "title": "Hard-to-recycle waste kept from landfill and burning",
        "rule": (
            "Count tonnes in the month they leave for a named reprocessor, for things the council's own "
            "collections don't take: coffee cups, hard plastics, textiles, mattresses and the like."
        ),
        "evidence": "The reprocessor's receipts by weight and material.",
    },
    {
        "code": "SV-79", "theme": "CLIMATE", "outcome": 2, "unit": "tonnes",
        "title": "Materials and goods used again instead of thrown away",
        "rule": (
            "Count tonnes in the month they are put to use again, on this contract or by somebody else, "
            "without being broken down first. Don't count them as recycled too."
        ),
        "evidence": "A list of what was used again, where, and its weight or how that was estimated.",
    },
    {
        "code": "SV-80", "theme": "CLIMATE", "outcome": 2, "unit": "places",
        "title": "Green spaces made or made better",
        "rule": (
            "Count each place open to the public in the month the work is finished and its care for at "
            "least three years is agreed. The same place counts once a contract."
        ),
        "evidence": "A map, photographs without recognisable people, and the maintenance agreement.",
    },
]
