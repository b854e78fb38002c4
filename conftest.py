"""The cast: named people of a small council, and the contracts they answer for."""

import datetime as dt
import gc
import tempfile
import uuid
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.backends.sqlite3.base import DatabaseOperations
from hypothesis import settings as property_tests

from accounts.models import Appointment, Delegation, Department, Directorate, Person, Role
from accounts.tests.processes import OwnDatabase
from contracts.models import Category, Contract, ContractSupplier, Stage, Supplier
from contracts.suppliers.finding import name_key
from kpis import starting_lists
from socialvalue.tests import kept_database
from socialvalue.tests.own_queue import own_queue
from spreadsheets.mapping import normal

# The same examples on every run: a failure is the change's own. `--hypothesis-profile=default` looks further.
property_tests.register_profile("suite", derandomize=True, deadline=None)
property_tests.load_profile("suite")

# Of a test that commits: what lets its teardown write.
REFILL = pytest.StashKey()
PASSWORD = "correct horse battery"
LONG_AGO = dt.date(2020, 4, 1)
# Everybody there is: a table of who may do what names them all.
CAST = (
    *("colin", "priya", "dafydd", "dana", "desmond", "della", "lena"),
    *("ewa", "sami", "adam", "oscar", "olga", "otto", "nadia"),
)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish():
    """Look for dead cycles less often: what is loaded by now stays, and looking took a fifth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def make_person(full_name, *posts, password=None):
    """Return a person holding the posts: each a role, or (role, directorate)."""
    email = full_name.lower().replace(" ", ".") + "@calderbeck.example"
    person = Person.objects.create_user(email=email, full_name=full_name, password=password)
    for post in posts:
        role, directorate = post if isinstance(post, tuple) else (post, None)
        Appointment.objects.create(person=person, role=role, directorate=directorate, starts_on=LONG_AGO)
    return person


@pytest.fixture(autouse=True)
def _fast_and_apart(settings, tmp_path):
    """Keep each test's letters and files to itself, and passwords quick to hash."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.LETTERS_FOLDER = tmp_path / "letters"
    settings.MEDIA_ROOT = tmp_path / "files"
    # On Redis the cache outlives a test and is shared by the processes that run them.
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": uuid.uuid4().hex}}


@pytest.fixture(autouse=True, scope="session")
def _messages_for_nobody_else():
    """Give each process of the tests a queue of its own."""
    with own_queue():
        yield


@pytest.fixture(autouse=True, scope="session")
def _append_only_tables_can_be_emptied_between_tests():
    """Lift SQLite's triggers while a transactional test's tables are flushed (PostgreSQL truncates)."""
    flush = DatabaseOperations.execute_sql_flush

    def without_triggers(self, sql_list):
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        lifted = [f'DROP TRIGGER "{name}"' for name, _ in triggers]
        return flush(self, [*lifted, *sql_list, *(sql for _, sql in triggers)])

    DatabaseOperations.execute_sql_flush = without_triggers
    yield
    DatabaseOperations.execute_sql_flush = flush


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, django_db_blocker):
    """Copy the test database instead of migrating it again (pytest-django asks for this by name)."""
    with django_db_blocker.unblock():
        kept_database.begin_tests_with_a_copy()


@pytest.fixture(autouse=True)
def _lists_that_migrations_fill(request, django_db_blocker):
    """Note which tests really commit: those empty all tables, also for the test that comes next."""
    marker = request.node.get_closest_marker("django_db")
    if (marker and marker.kwargs.get("transaction")) or "transactional_db" in request.fixturenames:
        request.node.stash[REFILL] = django_db_blocker


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """Fill what migrations fill again once the tables are empty, whatever order the tests come in."""
    result = yield
    if REFILL in item.stash and nextitem is not None:
        with item.stash[REFILL].unblock():
            starting_lists.load()
    return result


@pytest.fixture
def own_database(django_db_setup, django_db_blocker):
    """Return a database that real processes of their own can open: see accounts/tests/processes.py."""
    with django_db_blocker.unblock():
        # Not under pytest's own folder: runs at the same time tidy each other's away.
        database = OwnDatabase(Path(tempfile.mkdtemp(prefix="own-database-")))
        yield database
        database.drop()


@pytest.fixture
def neighbourhoods(db):
    """Return the directorate most of the cast belongs to."""
    return Directorate.objects.create(name="Neighbourhoods", slug="neighbourhoods")


@pytest.fixture
def adults(db):
    """Return the outsiders' directorate."""
    return Directorate.objects.create(name="Adult Services", slug="adult-services")


@pytest.fixture
def colin(neighbourhoods):
    """Commissioner of Neighbourhoods: proposes."""
    return make_person("Colin Reyes", (Role.COMMISSIONER, neighbourhoods))


@pytest.fixture
def priya(db):
    """Contract manager of the highways contract."""
    return make_person("Priya Shah", Role.CONTRACT_MANAGER)


@pytest.fixture
def dafydd(db):
    """Deputy contract manager of the highways contract."""
    return make_person("Dafydd Pugh", Role.CONTRACT_MANAGER)


@pytest.fixture
def dana(neighbourhoods):
    """Strategic Director of Neighbourhoods: approves."""
    return make_person("Dana Okafor", (Role.DIRECTOR, neighbourhoods))


@pytest.fixture
def desmond(neighbourhoods):
    """Deputy director of Neighbourhoods."""
    return make_person("Desmond Hall", (Role.DEPUTY_DIRECTOR, neighbourhoods))


@pytest.fixture
def della(dana, neighbourhoods):
    """Holds Dana's delegation for contracts up to £5m; no post of her own."""
    person = make_person("Della Marsh")
    Delegation.objects.create(
        given_by=dana,
        given_to=person,
        directorate=neighbourhoods,
        scheme_reference="Scheme 4.2",
        value_limit=Decimal("5000000"),
        starts_on=LONG_AGO,
    )
    return person


@pytest.fixture
def lena(db):
    """Social value lead: verifies."""
    return make_person("Lena Fischer", Role.LEAD)


@pytest.fixture
def ewa(neighbourhoods):
    """Executive member with Neighbourhoods in her portfolio."""
    return make_person("Ewa Nowak", (Role.EXECUTIVE_MEMBER, neighbourhoods))


@pytest.fixture
def sami(db):
    """Scrutiny member: reads."""
    return make_person("Sami Aziz", Role.SCRUTINY)


@pytest.fixture
def adam(db):
    """Administrator."""
    return make_person("Adam Price", Role.ADMINISTRATOR)


@pytest.fixture
def oscar(adults):
    """Commissioner of another directorate."""
    return make_person("Oscar Bell", (Role.COMMISSIONER, adults))


@pytest.fixture
def olga(adults):
    """Strategic Director of another directorate."""
    return make_person("Olga Brandt", (Role.DIRECTOR, adults))


@pytest.fixture
def otto(db):
    """Contract manager of another directorate's contract."""
    return make_person("Otto Lindqvist", Role.CONTRACT_MANAGER)


@pytest.fixture
def nadia(db):
    """Signs in, but holds no post."""
    return make_person("Nadia Cole")


@pytest.fixture
def cast(request, db):
    """Return everybody by first name."""
    return {name: request.getfixturevalue(name) for name in CAST}


def make_contract(title, directorate, **facts):
    """Return a live contract with one supplier."""
    deputies = facts.pop("deputies", [])
    supplier_name = facts.pop("supplier", "Fellside Works Ltd")
    contract = Contract.objects.create(
        **{
            "title": title,
            "reference": "",
            "directorate": directorate,
            "starts_on": dt.date(2025, 4, 1),
            "ends_on": dt.date(2029, 3, 31),
            "value": Decimal("2400000"),
            "value_basis": "whole",
            "stage": Stage.LIVE,
            "supplier_text": supplier_name,
            "reference_key": normal(facts.get("reference", "")),
            **facts,
        }
    )
    supplier, _ = Supplier.objects.get_or_create(
        name=supplier_name, defaults={"name_key": name_key(supplier_name)}
    )
    ContractSupplier.objects.create(contract=contract, supplier=supplier)
    contract.deputies.set(deputies)
    return contract


@pytest.fixture
def highways(neighbourhoods, priya, dafydd, colin):
    """Return the contract the cast works on: Neighbourhoods, £2.4m, April 2025 to March 2029."""
    return make_contract(
        "Highways resurfacing",
        neighbourhoods,
        reference="NB-1001",
        manager=priya,
        commissioner=colin,
        deputies=[dafydd],
        department=Department.objects.create(directorate=neighbourhoods, name="Highways"),
        category=Category.objects.create(name="Highways"),
    )


@pytest.fixture
def home_care(adults, otto, oscar):
    """Return another directorate's contract."""
    return make_contract("Home care", adults, reference="AD-7", manager=otto, commissioner=oscar)


@pytest.fixture
def unmapped(db):
    """Return a contract whose directorate is not known."""
    return make_contract("Day care 1995", None, directorate_text="COMMUNITY SERVICES", reference="BAN12005")


@pytest.fixture
def as_person(client):
    """Return a function that gives the test client signed in as somebody."""

    def sign_in(person):
        client.force_login(person)
        return client

    return sign_in
