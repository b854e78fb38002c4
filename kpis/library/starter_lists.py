"""The units, groups of people and themes of the starter set: our own words."""

# (code, name in the plural, short, decimal places)
UNITS = [
    ("people", "people", "people", 0),
    ("fte", "full-time equivalents (FTE)", "FTE", 2),
    ("weeks", "weeks", "weeks", 1),
    ("hours", "hours", "hours", 2),
    ("pounds", "pounds", "£", 2),
    ("percent", "per cent", "%", 2),
    ("tonnes", "tonnes", "tonnes", 3),
    ("tco2e", "tonnes of CO2 equivalent", "tCO2e", 3),
    ("organisations", "organisations", "organisations", 0),
    ("activities", "activities", "activities", 0),
    ("yes-no", "yes or no", "yes/no", 0),
    ("dates", "dates", "date", 0),
    ("expert-hours", "expert hours", "expert hours", 2),
    ("attendee-hours", "hours times people attending", "hours x people", 2),
    ("pounds-invested", "pounds invested, staff time included", "£ invested", 2),
    ("kwh", "kilowatt hours", "kWh", 0),
    ("litres", "litres", "litres", 0),
    ("wellbys", "wellbeing years (WELLBYs)", "WELLBYs", 2),
    ("contracts", "contracts", "contracts", 0),
    ("places", "places", "places", 0),
    ("items", "items", "items", 0),
    ("score", "points", "points", 1),
    ("words", "words", "words", 0),
]

# (code, name, definition, age range, evidence rule). The first is called what the council's settings say.
# fmt: off
COHORTS = [
    (
        "our-children", "",
        "Children in the council's care and people who left its care, up to their 25th birthday.",
        "up to 25",
        "The leaving care team confirms the person by count only. Never write a name or case number here.",
    ),
    (
        "long-term-unemployed", "Long-term unemployed people",
        "People out of work for 12 months or more when they started.",
        "",
        "A referral from a job centre or training provider, or the person's own statement.",
    ),
    (
        "neet-16-24", "Young people not in education, employment or training",
        "People aged 16 to 24 who were in no education, job or training when they started.",
        "16 to 24",
        "A referral from a school, college, youth service or training provider.",
    ),
    (
        "over-50s", "People over 50 returning to work",
        "People aged 50 or over who were out of work when they started.",
        "50 and over",
        "The person's own statement of age band and employment.",
    ),
    (
        "disabled-people", "Disabled people",
        (
            "People with a physical or mental impairment that has a substantial and long-term "
            "effect on daily life."
        ),
        "",
        "The person's own statement, given freely. Nobody is asked for proof.",
    ),
    (
        "minority-ethnic", "People from minority ethnic groups",
        "People who describe their ethnic group as other than White British.",
        "",
        "The person's own statement, given freely.",
    ),
    (
        "ex-offenders", "People with convictions",
        "People with an unspent conviction, or on probation, when they started.",
        "18 and over",
        "A referral from probation or a prison's resettlement service.",
    ),
    (
        "veterans", "Armed forces veterans",
        "People who served at least one day in the armed forces, regular or reserve.",
        "",
        "The person's own statement or a veterans' service referral.",
    ),
    (
        "homeless", "People who have been homeless",
        "People who were homeless or in temporary housing in the 12 months before they started.",
        "",
        "A referral from the housing service or a homelessness charity.",
    ),
    (
        "other", "Another group named in the contract",
        "A group the contract itself names.",
        "",
        "As the contract says.",
    ),
]

# (code, title, about, outcomes)
THEMES = [
    (
        "WORK", "Work and fair pay",
        "Good jobs for people who live here, fairly paid and open to those furthest from work.",
        ["More local people in good jobs", "Fair pay and fair treatment at work"],
    ),
    (
        "SKILLS", "Skills and young people",
        "Apprenticeships, training and first steps into work.",
        ["More people gain skills employers want", "Young people meet the world of work"],
    ),
    (
        "ECONOMY", "Strong local economy",
        "Money that stays in the area, and a fair chance for small firms and charities.",
        ["More is spent with local and small organisations", "Charities and community groups grow stronger"],
    ),
    (
        "COMMUNITY", "Healthy, safe communities",
        "Time, money and care given to neighbourhoods and to people's health.",
        ["Communities get time and help they asked for", "People are healthier and safer"],
    ),
    (
        "CLIMATE", "Climate and nature",
        "Less carbon, less waste, cleaner air and more room for nature.",
        ["Carbon falls", "Less is thrown away and nature recovers"],
    ),
    (
        "DELIVERY", "Works done well",
        "Building and repair work that keeps its promises and is a good neighbour meanwhile.",
        ["Work is done on time, on price and without defects", "The work is a good neighbour"],
    ),
]
# fmt: on

ALL_GROUPS = [code for code, *_ in COHORTS]
LEARNERS = ["our-children", "neet-16-24", "disabled-people", "minority-ethnic", "long-term-unemployed"]
SENSITIVE_WORKFORCE = (
    "The two numbers from the supplier's staff records. Nobody is named, and nobody is asked for proof."
)
