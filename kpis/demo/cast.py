"""Who works at the demo council: directorates, departments, people and their posts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from django.contrib.auth.hashers import make_password
from django.utils import timezone
from django.utils.text import slugify

from accounts.calendar import add_months, first_of_month
from accounts.models import (
    Appointment,
    Delegation,
    Department,
    Directorate,
    HistoryRow,
    Person,
    Post,
    PostHolding,
    Role,
)

PASSWORD = "calderbeck demo 2026"

DIRECTORATES: dict[str, list[str]] = {
    "Adult Services": ["Home and community care", "Learning disability", "Safeguarding and carers"],
    "Children and Education": ["Early help", "Care and Our Children", "Schools and learning"],
    "Corporate Services": ["Facilities", "Finance and procurement", "People services"],
    "Digital and Customer": ["Infrastructure", "Applications", "Customer services"],
    "Growth and Housing": ["Capital programmes", "Housing investment", "Regeneration"],
    "Highways and Transport": ["Highways maintenance", "Public transport", "Street lighting"],
    "Neighbourhoods": ["Parks and grounds", "Waste and cleansing", "Leisure and libraries"],
    "Public Health": ["Drugs and alcohol", "Healthy lives", "Sexual health"],
}

DIRECTORS = {
    "Adult Services": "Margaret Adeyemi",
    "Children and Education": "Rhodri Vaughan",
    "Corporate Services": "Helen Castellano",
    "Digital and Customer": "Sanjay Mistry",
    "Growth and Housing": "Catherine Doyle",
    "Highways and Transport": "Graham Tetlow",
    "Neighbourhoods": "Dana Okafor",
    "Public Health": "Yusuf Rahman",
}
DEPUTIES = {
    "Neighbourhoods": "Desmond Hall",
    "Growth and Housing": "Alice Fairweather",
    "Adult Services": "Tom Brannigan",
    "Children and Education": "Sunita Pillai",
}
COMMISSIONERS = {
    "Adult Services": ["Oscar Bell", "Janet Holroyd"],
    "Children and Education": ["Maeve Kilbride"],
    "Corporate Services": ["Peter Ashworth"],
    "Digital and Customer": ["Lorna McCall"],
    "Growth and Housing": ["Femi Balogun", "Ruth Pickering"],
    "Highways and Transport": ["Stuart Garside"],
    "Neighbourhoods": ["Colin Reyes"],
    "Public Health": ["Bethan Rees"],
}
MANAGERS = {
    "Adult Services": ["Otto Lindqvist", "Farah Iqbal", "Brian Naylor"],
    "Children and Education": ["Grace Mensah", "Joanne Tully", "Ivan Petrov"],
    "Corporate Services": ["Keith Barlow", "Simone Duval", "Wendy Chan"],
    "Digital and Customer": ["Amir Haddad", "Nicola Shore"],
    "Growth and Housing": ["Declan Moore", "Hannah Whitworth", "Marcus Osei"],
    "Highways and Transport": ["Priya Shah", "Dafydd Pugh", "Leon Baptiste"],
    "Neighbourhoods": ["Aisha Karim", "Robert Entwistle", "Molly Greenhalgh"],
    "Public Health": ["Tariq Aslam", "Eleanor Finch"],
}
# Managers who are often late with their returns, and how often.
SLOW = {"Brian Naylor": 0.45, "Leon Baptiste": 0.35, "Ivan Petrov": 0.3, "Marcus Osei": 0.25}


@dataclass
class Cast:
    """Everybody of the demo council, by full name, and the directorates by name."""

    people: dict[str, Person] = field(default_factory=dict)
    directorates: dict[str, Directorate] = field(default_factory=dict)
    departments: dict[str, list[Department]] = field(default_factory=dict)

    @property
    def lead(self) -> Person:
        """Return the social value lead."""
        return self.people["Lena Fischer"]

    @property
    def administrator(self) -> Person:
        """Return the administrator who set the service up."""
        return self.people["Adam Price"]


# Whom to sign in as, with what they are there to show.
SHOWN = [
    ("Colin Reyes", "Commissioner, Neighbourhoods", "has a KPI set that came back with reasons"),
    ("Dana Okafor", "Strategic Director, Neighbourhoods", "has KPI sets to approve"),
    ("Della Marsh", "Dana Okafor's delegate", "approves in the director's name, up to a limit"),
    ("Priya Shah", "Contract manager, Highways and Transport", "has monthly returns to fill in"),
    ("Lena Fischer", "Social value lead", "verifies returns and keeps the library"),
    ("Councillor Ewa Nowak", "Executive member", "reads her portfolio's dashboards"),
    ("Councillor Sami Aziz", "Scrutiny member", "reads every directorate's dashboards"),
    ("Adam Price", "Administrator", "keeps people, letters and imports"),
]


def email_of(full_name: str) -> str:
    """Return the demo address of a person."""
    return slugify(full_name.replace("Councillor ", "")).replace("-", ".") + "@calderbeck.example"


def make_cast(day: dt.date, rng: Random) -> Cast:
    """Write directorates, departments, people, appointments and delegations; return them."""
    cast = Cast()
    began = add_months(first_of_month(day), -30)
    for name, departments in DIRECTORATES.items():
        directorate = Directorate.objects.create(name=name, slug=slugify(name))
        cast.directorates[name] = directorate
        cast.departments[name] = [
            Department.objects.create(directorate=directorate, name=department) for department in departments
        ]
    password = make_password(PASSWORD)
    posts: list[tuple[str, str, str | None, str]] = []
    for table, role, title in (
        (DIRECTORS, Role.DIRECTOR, "Strategic Director"),
        (DEPUTIES, Role.DEPUTY_DIRECTOR, "Deputy director"),
    ):
        posts += [(name, role, directorate, f"{title}, {directorate}") for directorate, name in table.items()]
    posts += [
        (name, Role.COMMISSIONER, directorate, f"Commissioning manager, {directorate}")
        for directorate, names in COMMISSIONERS.items()
        for name in names
    ]
    posts += [
        (name, Role.CONTRACT_MANAGER, None, f"Contract manager, {directorate}")
        for directorate, names in MANAGERS.items()
        for name in names
    ]
    posts += [
        ("Lena Fischer", Role.LEAD, None, "Social value lead"),
        ("Jacob Stead", Role.LEAD, None, "Social value officer"),
        (
            "Councillor Ewa Nowak",
            Role.EXECUTIVE_MEMBER,
            "Neighbourhoods",
            "Executive member for the environment",
        ),
        ("Councillor Ewa Nowak", Role.EXECUTIVE_MEMBER, "Highways and Transport", ""),
        (
            "Councillor David Ogden",
            Role.EXECUTIVE_MEMBER,
            "Corporate Services",
            "Executive member for finance",
        ),
        ("Councillor David Ogden", Role.EXECUTIVE_MEMBER, "Growth and Housing", ""),
        ("Councillor Sami Aziz", Role.SCRUTINY, None, "Chair, Resources and Governance Scrutiny"),
        ("Councillor Linda Shaw", Role.SCRUTINY, None, "Member, Resources and Governance Scrutiny"),
        ("Adam Price", Role.ADMINISTRATOR, None, "Systems officer"),
        ("Nisha Verma", Role.ADMINISTRATOR, None, "Systems manager"),
    ]
    joined = at(began, 9)
    for name, _, _, title in posts:
        if name not in cast.people:
            cast.people[name] = Person(
                email=email_of(name), full_name=name, about=title, joined_at=joined, password=password
            )
    # A delegate without a post of her own, and somebody who has left.
    cast.people["Della Marsh"] = Person(
        email=email_of("Della Marsh"),
        full_name="Della Marsh",
        about="Head of neighbourhood services",
        joined_at=joined,
        password=password,
    )
    cast.people["Gordon Lyle"] = Person(
        email=email_of("Gordon Lyle"),
        full_name="Gordon Lyle",
        about="Contract manager, Neighbourhoods",
        joined_at=joined,
        is_active=False,
        deactivated_at=at(gordon_left(day), 17),
    )
    cast.people["Gordon Lyle"].set_unusable_password()
    for person in cast.people.values():
        person.save()
    appointments = [
        Appointment(
            person=cast.people[name],
            role=role,
            directorate=cast.directorates[directorate] if directorate else None,
            starts_on=began,
            made_by=cast.people["Nisha Verma"],
            reports_yearly=name == "Councillor David Ogden",
        )
        for name, role, directorate, _ in posts
    ]
    appointments.append(
        Appointment(
            person=cast.people["Gordon Lyle"],
            role=Role.CONTRACT_MANAGER,
            starts_on=began,
            ends_on=gordon_left(day),
            made_by=cast.people["Nisha Verma"],
        )
    )
    for appointment in appointments:
        appointment.save()
    HistoryRow.objects.bulk_create(
        [
            HistoryRow(
                at=joined,
                actor=cast.people["Nisha Verma" if row.person.full_name != "Nisha Verma" else "Adam Price"],
                action="appointments.add",
                subject_type="accounts.person",
                subject_id=row.person_id,
                summary=f"{row.person} appointed {row.title}",
                after={"From": f"{row.starts_on:%-d %B %Y}"},
            )
            for row in appointments
        ]
    )
    _delegations(cast, day)
    return cast


def gordon_left(day: dt.date) -> dt.date:
    """Return the last day of the manager who left, and whose contract waits for another."""
    return add_months(first_of_month(day), -2) + dt.timedelta(days=11)


def _delegations(cast: Cast, day: dt.date) -> None:
    """Write one delegation to a person, in force, and one to a post, which has ended."""
    dana, margaret = cast.people["Dana Okafor"], cast.people["Margaret Adeyemi"]
    month = first_of_month(day)
    current = Delegation.objects.create(
        given_by=dana,
        given_to=cast.people["Della Marsh"],
        directorate=cast.directorates["Neighbourhoods"],
        scheme_reference="Scheme of delegation 4.12",
        value_limit=Decimal("1000000"),
        starts_on=add_months(month, -8) + dt.timedelta(days=2),
        ends_on=add_months(month, 4) + dt.timedelta(days=29),
        made_at=at(add_months(month, -8), 10),
    )
    # To a post: whoever holds it holds what was delegated to it.
    post = Post.objects.create(
        title="Head of Adult Commissioning", directorate=cast.directorates["Adult Services"]
    )
    PostHolding.objects.create(
        post=post,
        person=cast.people["Tom Brannigan"],
        starts_on=add_months(month, -24),
        made_by=cast.people["Adam Price"],
        made_at=at(add_months(month, -24), 9),
    )
    ended = Delegation.objects.create(
        given_by=margaret,
        post=post,
        directorate=cast.directorates["Adult Services"],
        scheme_reference="Scheme of delegation 3.4",
        starts_on=add_months(month, -16),
        ends_on=add_months(month, -13),
        made_at=at(add_months(month, -16), 10),
    )
    HistoryRow.objects.bulk_create(
        [
            HistoryRow(
                at=row.made_at,
                actor=row.given_by,
                action="delegations.give",
                subject_type="accounts.delegation",
                subject_id=row.pk,
                summary=f"{row.given_by} delegated approvals for {row.directorate} to {row.holder}",
                after={"Scheme reference": row.scheme_reference},
            )
            for row in (current, ended)
        ]
    )


def at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """Return a moment of the day in London."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))
