"""The demo council's contracts: of the kinds councils have, with one that predates social value."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from accounts.calendar import add_months, first_of_month, last_of_month
from accounts.models import HistoryRow
from contracts.models import (
    AgreementType,
    Category,
    Contract,
    ContractSupplier,
    Regime,
    Stage,
    Supplier,
    TriState,
    ValueBasis,
    Ward,
)
from contracts.suppliers.finding import company_key, name_key
from kpis.demo.cast import COMMISSIONERS, MANAGERS, Cast, at

WARDS = ["Abbey Hill", "Brook Vale", "Castlegate", "Dunsop", "Eastfield", "Fairholme", "Gorse Bank", "Higher Mere",
         "Ivegate", "Kirkstyle", "Langholme", "Millbrook"]  # fmt: skip

# Directorate -> (title, category, supplier, value in £000, department position, kind of work).
BOOK: dict[str, list[tuple[str, str, str, int, int, str]]] = {
    "Adult Services": [
        ("Home care, north", "Home care", "Kindly at Home Ltd", 8200, 0, "care"),
        ("Home care, south", "Home care", "Calder Care Co-operative Ltd", 7650, 0, "care"),
        ("Home care, rural and island lots", "Home care", "Fellside Homecare Ltd", 2900, 0, "care"),
        ("Extra care housing support", "Supported living", "Brightwater Support CIC", 3400, 0, "care"),
        ("Supported living for adults with a learning disability", "Supported living", "Oakroyd Living Ltd", 6100, 1, "care"),
        ("Day opportunities", "Day services", "The Weaving Shed Trust", 940, 1, "voluntary"),
        ("Community meals", "Catering", "Larder Lane Catering Ltd", 620, 0, "catering"),
        ("Community equipment store", "Equipment", "Pennine Mobility Supplies Ltd", 1850, 0, "goods"),
        ("Telecare monitoring", "Equipment", "Beacon Telecare Ltd", 780, 0, "goods"),
        ("Carers' support service", "Advice and advocacy", "Calderbeck Carers Centre", 540, 2, "voluntary"),
        ("Independent advocacy", "Advice and advocacy", "Speak Up Together CIC", 410, 2, "voluntary"),
        ("Direct payments support", "Advice and advocacy", "Own Choice Payroll Ltd", 330, 2, "office"),
        ("Residential respite beds", "Residential care", "Heathcote Homes Ltd", 1200, 0, "care"),
        ("Shared Lives scheme", "Supported living", "Hearthside Shared Lives CIC", 860, 1, "voluntary"),
        ("Sensory impairment rehabilitation", "Equipment", "Northern Sight and Sound Trust", 290, 2, "voluntary"),
    ],
    "Children and Education": [
        ("School catering, primary", "Catering", "Larder Lane Catering Ltd", 4300, 2, "catering"),
        ("Home to school transport, lot 1", "Passenger transport", "Dale Coaches Ltd", 3100, 2, "transport"),
        ("Home to school transport, lot 2", "Passenger transport", "Mere Minibuses Ltd", 1450, 2, "transport"),
        ("Youth service, east", "Youth services", "Eastfield Youth Trust", 690, 0, "voluntary"),
        ("Youth service, west", "Youth services", "Signal Box Youth CIC", 655, 0, "voluntary"),
        ("Children's homes framework", "Residential care", "Willowbank Children's Homes Ltd", 9800, 1, "care"),
        ("Fostering recruitment campaign", "Communications", "Marlowe and Finch Ltd", 180, 1, "office"),
        ("Supported lodgings for care leavers", "Supported living", "Harbour Lodgings CIC", 1250, 1, "voluntary"),
        ("Speech and language support in schools", "Therapies", "Clear Words Partnership Ltd", 870, 2, "office"),
        ("Alternative provision", "Education", "Second Bell Learning Ltd", 1950, 2, "care"),
        ("School improvement partner", "Education", "Northgate Education Associates Ltd", 420, 2, "office"),
        ("Short breaks for disabled children", "Day services", "Kite Short Breaks Trust", 760, 0, "voluntary"),
        ("Playground renewal", "Construction", "Greenstone Play Ltd", 1380, 2, "works"),
        ("Family group conferencing", "Advice and advocacy", "Circle Round CIC", 310, 0, "voluntary"),
        ("School cleaning", "Cleaning", "Brushworks Facilities Ltd", 1720, 2, "cleaning"),
    ],
    "Corporate Services": [
        ("Office cleaning", "Cleaning", "Brushworks Facilities Ltd", 2250, 0, "cleaning"),
        ("Security and concierge", "Security", "Watchful Guarding Ltd", 1980, 0, "cleaning"),
        ("Building maintenance, mechanical and electrical", "Facilities management", "Tarn Building Services Ltd", 5400, 0, "works"),
        ("Town Hall restoration", "Construction", "Harrowgate and Sons (Builders) Ltd", 48500, 0, "works"),
        ("Temporary staff, managed service", "Staffing", "Bridgepost Resourcing Ltd", 12400, 2, "office"),
        ("Insurance", "Financial services", "Mutual of the North Ltd", 3900, 1, "goods"),
        ("Banking", "Financial services", "Pennine Bank plc", 640, 1, "goods"),
        ("External audit support", "Financial services", "Leadbetter Moss LLP", 470, 1, "office"),
        ("Printing and mailing", "Printing", "Inkwell Print Co-operative Ltd", 910, 1, "goods"),
        ("Occupational health", "Health services", "Fit for Work North Ltd", 520, 2, "office"),
        ("Stationery and office supplies", "Goods", "Quill Office Supplies Ltd", 350, 0, "goods"),
        ("Energy, electricity", "Utilities", "Northern Grid Supply plc", 9300, 0, "goods"),
        ("Water and waste water", "Utilities", "Calder Water Retail Ltd", 1150, 0, "goods"),
        ("Legal services panel", "Professional services", "Aldous Trent LLP", 2800, 1, "office"),
        ("Apprenticeship training provider", "Education", "Mill Lane Training Ltd", 430, 2, "office"),
    ],
    "Digital and Customer": [
        ("Data centre and cloud hosting", "IT", "Cloudberry Hosting Ltd", 4100, 0, "it"),
        ("End-user devices", "IT", "Deskside Technology Ltd", 3650, 0, "it"),
        ("Wide area network", "IT", "Tern Networks Ltd", 2950, 0, "it"),
        ("Finance and HR system", "IT", "Ledgerline Software Ltd", 4900, 1, "it"),
        ("Social care case management system", "IT", "Caselight Systems Ltd", 2400, 1, "it"),
        ("Revenues and benefits system", "IT", "Rateable Software Ltd", 1600, 1, "it"),
        ("Contact centre telephony", "IT", "Fairtone Communications Ltd", 880, 2, "it"),
        ("Website and forms", "IT", "Plainly Digital Ltd", 390, 2, "it"),
        ("Cyber security monitoring", "IT", "Gatehouse Cyber Ltd", 740, 0, "it"),
        ("Multi-function printers", "Printing", "Inkwell Print Co-operative Ltd", 610, 0, "goods"),
        ("Geographic information system", "IT", "Contour Mapping Ltd", 260, 1, "it"),
        ("Planning and building control system", "IT", "Rateable Software Ltd", 540, 1, "it"),
        ("Digital inclusion programme", "Community services", "Switch On Calderbeck CIC", 320, 2, "voluntary"),
        ("Interpreting and translation", "Professional services", "Tongues Together Ltd", 410, 2, "office"),
        ("Registrars' archive digitisation", "IT", "Foliotech Ltd", 150, 2, "it"),
    ],
    "Growth and Housing": [
        ("Millbrook Village regeneration (PFI)", "Construction", "Millbrook Village Partnership Ltd", 212000, 2, "legacy"),
        ("Housing repairs and voids", "Housing maintenance", "Tarn Building Services Ltd", 23600, 1, "works"),
        ("Kitchens and bathrooms programme", "Housing maintenance", "Hearthstone Homes Ltd", 11800, 1, "works"),
        ("Roofing and external works", "Housing maintenance", "Slate and Ridge Ltd", 8400, 1, "works"),
        ("New build homes, Eastfield", "Construction", "Harrowgate and Sons (Builders) Ltd", 31200, 0, "works"),
        ("New secondary school", "Construction", "Corbel Construction Ltd", 38600, 0, "works"),
        ("Leisure centre rebuild", "Construction", "Corbel Construction Ltd", 27400, 0, "works"),
        ("Heat network, town centre", "Construction", "Emberline Energy Ltd", 14900, 2, "works"),
        ("Architectural services framework", "Professional services", "Fenwick Lowe Architects Ltd", 1900, 0, "office"),
        ("Lift maintenance", "Housing maintenance", "Upright Lifts Ltd", 1250, 1, "works"),
        ("Gas servicing", "Housing maintenance", "Pilot Flame Ltd", 3300, 1, "works"),
        ("Homelessness floating support", "Supported living", "Open Door Calderbeck Trust", 980, 1, "voluntary"),
        ("Rough sleeper outreach", "Supported living", "Open Door Calderbeck Trust", 460, 1, "voluntary"),
        ("Town centre market operator", "Community services", "Stallholders' Co-operative Ltd", 370, 2, "voluntary"),
        ("Business growth advice", "Advice and advocacy", "Pathfinder Enterprise CIC", 590, 2, "office"),
    ],
    "Highways and Transport": [
        ("Highways resurfacing", "Highways", "Blackstone Surfacing Ltd", 26300, 0, "works"),
        ("Highways reactive maintenance", "Highways", "Dale Civil Engineering Ltd", 17900, 0, "works"),
        ("Winter gritting", "Highways", "Dale Civil Engineering Ltd", 3200, 0, "works"),
        ("Street lighting replacement", "Street lighting", "Lumen North Ltd", 12600, 2, "works"),
        ("Traffic signals maintenance", "Highways", "Signalworks Ltd", 2700, 2, "works"),
        ("Bridge strengthening programme", "Highways", "Corbel Construction Ltd", 9600, 0, "works"),
        ("Cycle routes, phase 2", "Highways", "Dale Civil Engineering Ltd", 4800, 0, "works"),
        ("Supported bus services", "Passenger transport", "Dale Coaches Ltd", 5700, 1, "transport"),
        ("Community transport", "Passenger transport", "Lift and Share CIC", 830, 1, "voluntary"),
        ("Parking enforcement", "Parking", "Kerbwise Ltd", 3500, 1, "cleaning"),
        ("Vehicle fleet hire", "Fleet", "Roundhouse Fleet Ltd", 4400, 1, "goods"),
        ("Fuel cards", "Fleet", "Northern Grid Supply plc", 1300, 1, "goods"),
        ("Gully cleansing", "Highways", "Clearwell Drainage Ltd", 1500, 0, "works"),
        ("Road markings", "Highways", "Straightline Markings Ltd", 920, 0, "works"),
        ("Flood risk consultancy", "Professional services", "Beckside Engineering Ltd", 680, 0, "office"),
    ],
    "Neighbourhoods": [
        ("Grounds maintenance", "Grounds maintenance", "Greenstone Landscapes Ltd", 7400, 0, "outdoor"),
        ("Tree works", "Grounds maintenance", "Crown and Canopy Ltd", 1300, 0, "outdoor"),
        ("Leisure centres operation", "Leisure", "Calderbeck Active Trust", 11200, 2, "leisure"),
        ("Household waste collection", "Waste", "Cleanshire Environmental Ltd", 41800, 1, "outdoor"),
        ("Recycling processing", "Waste", "Loopline Recycling Ltd", 15600, 1, "outdoor"),
        ("Household recycling centres", "Waste", "Cleanshire Environmental Ltd", 6900, 1, "outdoor"),
        ("Street cleansing", "Cleaning", "Brushworks Facilities Ltd", 5100, 1, "outdoor"),
        ("Library self-service and stock", "Libraries", "Foliotech Ltd", 480, 2, "goods"),
        ("Cemetery and crematorium works", "Construction", "Harrowgate and Sons (Builders) Ltd", 2600, 0, "works"),
        ("Pest control", "Cleaning", "Quietus Pest Services Ltd", 210, 1, "cleaning"),
        ("Allotments improvement", "Grounds maintenance", "Patch and Plot CIC", 190, 0, "voluntary"),
        ("Community centre management", "Community services", "Castlegate Community Trust", 640, 2, "voluntary"),
        ("Events and festivals", "Leisure", "Marlowe and Finch Ltd", 720, 2, "leisure"),
        ("Playing fields drainage", "Construction", "Clearwell Drainage Ltd", 830, 0, "works"),
        ("Dog warden service", "Community services", "Paws and Pavements Ltd", 240, 1, "cleaning"),
    ],
    "Public Health": [
        ("Drug and alcohol treatment", "Health services", "New Leaf Recovery Trust", 6400, 0, "care"),
        ("Residential rehabilitation framework", "Health services", "New Leaf Recovery Trust", 1900, 0, "care"),
        ("Sexual health clinics", "Health services", "Pennine Community Health CIC", 4700, 2, "care"),
        ("Stop smoking service", "Health services", "Breathe Easy North Ltd", 880, 1, "office"),
        ("Weight management", "Health services", "Calderbeck Active Trust", 690, 1, "leisure"),
        ("Health visiting and school nursing", "Health services", "Pennine Community Health CIC", 13500, 1, "care"),
        ("Mental wellbeing helpline", "Health services", "Listening Ear North Trust", 520, 1, "voluntary"),
        ("Healthy schools programme", "Education", "Northgate Education Associates Ltd", 340, 1, "office"),
        ("Needle exchange", "Health services", "New Leaf Recovery Trust", 280, 0, "voluntary"),
        ("NHS health checks", "Health services", "Calderbeck Primary Care Federation", 760, 1, "care"),
        ("Domestic abuse refuge and support", "Supported living", "Safe Harbour Calderbeck", 1150, 1, "voluntary"),
        ("Suicide prevention training", "Health services", "Listening Ear North Trust", 160, 1, "voluntary"),
        ("Oral health promotion", "Health services", "Brightwater Support CIC", 190, 1, "voluntary"),
        ("Public health data service", "IT", "Contour Mapping Ltd", 230, 1, "it"),
        ("Community health champions", "Community services", "Castlegate Community Trust", 310, 1, "voluntary"),
    ],
}  # fmt: skip

LEGACY = "Millbrook Village regeneration (PFI)"
# Live contracts that have no KPIs yet, and why.
WITHOUT_KPIS = {
    LEGACY: "Signed long before the council asked for social value. The next break point is the chance to add KPIs.",
    "Energy, electricity": "Bought through a national framework whose terms leave no room for local KPIs.",
    "Water and waste water": "",
    "Banking": "",
    "Insurance": "",
    "Fuel cards": "",
    "Stationery and office supplies": "",
    "Geographic information system": "",
    "Pest control": "",
    "Direct payments support": "",
    "Sensory impairment rehabilitation": "",
    "Road markings": "",
}
IN_COMMISSIONING = {"Gully cleansing", "Healthy schools programme"}
IN_TENDER = {"Registrars' archive digitisation", "Suicide prevention training", "Events and festivals"}
IN_MOBILISATION = {"Cycle routes, phase 2", "Community equipment store"}
ENDED = {"Playground renewal", "Fostering recruitment campaign", "Weight management", "Website and forms"}
# Months since these began: one was tendered under the older edition of a framework, one under the newer.
BEGUN = {"Allotments improvement": 31, "Community centre management": 9}
VOLUNTARY = (" CIC", " Trust", "Co-operative", "Centre", "Partnership", "Federation", "Safe Harbour")


@dataclass
class Entry:
    """A contract with the kind of work it is, which decides what it is asked for."""

    contract: Contract
    kind: str


def make_register(cast: Cast, day: dt.date, rng: Random) -> list[Entry]:
    """Write wards, categories, suppliers and about 120 contracts; return them with their kinds of work."""
    wards = [Ward.objects.create(name=name) for name in WARDS]
    categories = {
        name: Category.objects.create(name=name)
        for name in sorted({row[1] for rows in BOOK.values() for row in rows})
    }
    suppliers = {}
    for position, name in enumerate(sorted({row[2] for rows in BOOK.values() for row in rows})):
        number = f"{1204417 + position * 90173:08d}"
        suppliers[name] = Supplier.objects.create(
            name=name, name_key=name_key(name), company_number=number, company_key=company_key(number)
        )
    entries: list[Entry] = []
    links: list[ContractSupplier] = []
    month = first_of_month(day)
    serial = 2100
    for directorate_name, rows in BOOK.items():
        managers = [cast.people[name] for name in MANAGERS[directorate_name]]
        commissioners = [cast.people[name] for name in COMMISSIONERS[directorate_name]]
        for position, (title, category, supplier, thousands, department, kind) in enumerate(rows):
            serial += rng.randint(3, 29)
            facts = _dates(title, kind, month, rng)
            is_vcse = any(mark in supplier for mark in VOLUNTARY)
            manager = managers[position % len(managers)]
            contract = Contract.objects.create(
                reference=f"CB/{facts['starts_on']:%y}/{serial}",
                reference_key=f"cb{facts['starts_on']:%y}{serial}",
                title=title,
                description=f"{title} for {directorate_name.lower()}.",
                supplier_text=supplier,
                directorate=cast.directorates[directorate_name],
                department=cast.departments[directorate_name][department],
                commissioner=commissioners[position % len(commissioners)],
                # One contract is waiting for a manager since somebody left.
                manager=None if title == "Playing fields drainage" else manager,
                category=categories[category],
                value=Decimal(thousands * 1000),
                value_basis=ValueBasis.WHOLE,
                value_note="Estimated" if kind in {"care", "transport"} else "Fixed",
                agreement_type=AgreementType.FRAMEWORK if "framework" in title else AgreementType.CONTRACT,
                regime=_regime(facts["starts_on"]),
                estimated_value_inc_vat=Decimal(thousands * 1200),
                sme=TriState.YES if thousands < 4000 and rng.random() < 0.7 else TriState.NO,
                vcse=TriState.YES if is_vcse else TriState.NO,
                tier="Gold" if thousands >= 10000 else "Silver" if thousands >= 1000 else "Bronze",
                social_value_weighting=None
                if kind == "legacy"
                else Decimal(rng.choice([10, 10, 15, 20, 20])),
                monitoring=WITHOUT_KPIS.get(title, "") or "Monthly contract meeting with the supplier.",
                process=rng.choice(["Open procedure", "Restricted procedure", "Further competition"]),
                citywide=rng.random() < 0.8,
                **facts,
            )
            if not contract.citywide:
                contract.wards.set(rng.sample(wards, 2))
            if len(managers) > 1 and thousands >= 1000:
                contract.deputies.set([managers[(position + 1) % len(managers)]])
            links.append(ContractSupplier(contract=contract, supplier=suppliers[supplier]))
            entries.append(Entry(contract, kind))
    ContractSupplier.objects.bulk_create(links)
    HistoryRow.objects.bulk_create(
        [
            HistoryRow(
                at=at(_registered_on(entry.contract.starts_on or month, month), 9),
                actor=entry.contract.commissioner,
                action="contracts.add",
                subject_type="contracts.contract",
                subject_id=entry.contract.pk,
                contract_number=entry.contract.pk,
                summary="Added to the register",
                after={"Title": entry.contract.title, "Supplier": entry.contract.supplier_text},
            )
            for entry in entries
        ]
    )
    return entries


def _registered_on(starts_on: dt.date, month: dt.date) -> dt.date:
    """Return when a contract came into the register: three months before it starts, its KPIs come after.

    Those under way when the service began came in then; none came in later than last month.
    """
    return min(max(add_months(month, -26), add_months(starts_on, -3)), add_months(month, -1))


def _dates(title: str, kind: str, month: dt.date, rng: Random) -> dict:
    """Return start, end and stage of a contract."""
    if kind == "legacy":
        return {
            "starts_on": dt.date(2003, 3, 31),
            "ends_on": dt.date(2033, 3, 30),
            "review_on": add_months(month, 7),
            "stage": Stage.LIVE,
        }
    if title in IN_COMMISSIONING:
        start = add_months(month, rng.randint(9, 12))
        end = last_of_month(add_months(start, 35))
        return {"starts_on": start, "ends_on": end, "stage": Stage.COMMISSIONING}
    if title in IN_TENDER:
        start = add_months(month, rng.randint(4, 8))
        return {"starts_on": start, "ends_on": last_of_month(add_months(start, 35)), "stage": Stage.TENDER}
    if title in IN_MOBILISATION:
        start = add_months(month, rng.randint(1, 3))
        return {
            "starts_on": start,
            "ends_on": last_of_month(add_months(start, 47)),
            "stage": Stage.MOBILISATION,
        }
    if title in ENDED:
        start = add_months(month, -rng.randint(30, 40))
        end = last_of_month(add_months(month, -rng.randint(3, 7)))
        return {"starts_on": start, "ends_on": end, "stage": Stage.ENDED}
    begun = rng.randint(3, 40)
    begun = BEGUN.get(title, begun)
    start = add_months(month, -begun)
    end = last_of_month(add_months(start, max(begun + rng.randint(4, 40), 35)))
    latest = last_of_month(add_months(end, 24)) if rng.random() < 0.5 else None
    return {
        "starts_on": start,
        "ends_on": end,
        "last_extension_to": latest,
        "review_on": add_months(month, rng.randint(2, 11)) if rng.random() < 0.3 else None,
        "stage": Stage.LIVE,
    }


def _regime(start: dt.date) -> str:
    """Return the rules a procurement of that start date probably began under."""
    if start >= dt.date(2025, 9, 1):
        return Regime.PA2023
    return Regime.PCR2015 if start >= dt.date(2015, 2, 26) else Regime.EARLIER
