"""Ready KPI sets to begin with: our own proposals, made of the starter measures; each may be changed."""

from decimal import Decimal

from django.apps import apps as current_apps

from kpis.library.starter import KEY

HUNDRED_THOUSAND, FIVE_MILLION = Decimal(100_000), Decimal(5_000_000)
# Key, name, when to use it, value from which its band begins (None: any value), and its measures: code,
# suggestion (for each £1 million of the whole value where the measure adds up, else the level), why.
TEMPLATES: tuple[tuple[str, str, str, Decimal | None, tuple[tuple[str, str | None, str], ...]], ...] = (
    (
        "small-services",
        "Small services",
        "For a service contract under £100,000, where one or two promises are enough.",
        Decimal(0),
        (
            ("SV-25", "120", "Time is what a small supplier can give most easily."),
            ("SV-17", "300000", "Money that stays in the area, known from the supplier’s own invoices."),
        ),
    ),
    (
        "small-works",
        "Small works",
        "For a small repair or building job, where two things can be asked without slowing it down.",
        Decimal(0),
        (
            ("SV-84", "85", "One question to those beside the work, when it is done."),
            ("SV-35", "90", "Most building waste can be reused or recycled."),
        ),
    ),
    (
        "care-services",
        "Care services",
        "For home care, residential care and support, where the workforce is the contract.",
        None,
        (
            ("SV-07", "100", "Pay decides whether care staff stay."),
            ("SV-08", "20", "Regular hours make regular carers."),
            ("SV-10", "1", "A way into care work."),
            ("SV-12", "6", "Qualifications raise the standard of care and the carer’s prospects."),
            ("SV-28", "75", "Care work is hard on those who do it."),
        ),
    ),
    (
        "works-under-1m",
        "Works under £1 million",
        "For repairs, maintenance and small building works.",
        HUNDRED_THOUSAND,
        (
            ("SV-01", "1.5", "Jobs for people who live here."),
            ("SV-13", "8", "A few weeks on site show young people the trade."),
            ("SV-20", "95", "Small subcontractors live by being paid on time."),
            ("SV-84", "85", "Residents let the work into their homes."),
            ("SV-35", "90", "Most building waste can be reused or recycled."),
        ),
    ),
    (
        "works-5m-up",
        "Works of £5 million and over",
        "For major building, highways and regeneration works.",
        FIVE_MILLION,
        (
            ("SV-01", "1.2", "Jobs for people who live here."),
            ("SV-03", "0.3", "The council is their corporate parent."),
            ("SV-09", "52", "One apprentice for a year in every £1 million."),
            ("SV-15", "15", "Schools near the site see how it is built."),
            ("SV-18", "10000", "Catering, cleaning and landscaping can come from social enterprises."),
            ("SV-19", "40", "Work passed on to smaller firms."),
            ("SV-20", "95", "Small subcontractors live by being paid on time."),
            ("SV-31", "60", "Carbon counted from the first day can be brought down."),
            ("SV-35", "95", "Most building waste can be reused or recycled."),
            ("SV-81", "90", "A programme that is kept spares everybody."),
            ("SV-84", "85", "Whoever lives beside the site knows how it was."),
            ("SV-29", "1", "Long supply chains need a current check."),
        ),
    ),
    (
        "goods-and-it",
        "Goods and IT",
        "For supplies, software and equipment, where few people work on the contract here.",
        None,
        (
            ("SV-22", "20", "Skills that charities and small firms could not buy."),
            ("SV-24", "5000", "Equipment that is replaced can serve somebody else."),
            ("SV-13", "4", "Placements can be offered even where the work is done elsewhere."),
            ("SV-29", "1", "Goods often come through long supply chains."),
            ("SV-37", None, "A plan is the first step where emissions arise elsewhere."),
        ),
    ),
    (
        "voluntary-sector",
        "Voluntary and community sector",
        "For contracts with charities and social enterprises, whose purpose is social value already.",
        None,
        (
            ("SV-27", "150", "Residents reached beyond the service itself."),
            ("SV-71", None, "What residents asked for, in a few sentences."),
            ("SV-16", "80", "Mentoring by people who know the place."),
            ("SV-25", "150", "Volunteers are the sector’s strength."),
        ),
    ),
)


def load(apps=current_apps) -> None:
    """Add the templates that are not there, by key; leave a council's own edits as they are.

    Measures the library lacks are left out; without the value band it is meant for, a template is for any
    value. A data migration passes its historic models in `apps`.
    """
    template, item = apps.get_model("kpis", "KPITemplate"), apps.get_model("kpis", "TemplateItem")
    starter_set = apps.get_model("kpis", "Measure").objects.filter(framework__key=KEY)
    measures = {one.code: one for one in starter_set}
    begins = {band.at_least: band for band in apps.get_model("contracts", "ValueBand").objects.all()}
    there = set(template.objects.values_list("key", flat=True))
    names = {name.casefold() for name in template.objects.values_list("name", flat=True)}
    for key, name, about, at_least, items in TEMPLATES:
        if key in there or name.casefold() in names:
            continue
        made = template.objects.create(
            key=key, name=name, about=about, band=begins.get(at_least) if at_least is not None else None
        )
        item.objects.bulk_create(
            [
                item(
                    template=made,
                    measure=measures[code],
                    position=position,
                    suggested_target=None if suggested is None else Decimal(suggested),
                    why=why,
                )
                for position, (code, suggested, why) in enumerate(items, 1)
                if code in measures
            ]
        )
