"""£ give no small number away, whoever looks where; and nothing the library becomes moves them."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse

from kpis.approvals import verbs as approvals
from kpis.library import framework_verbs as editions
from kpis.library import verbs as library
from kpis.models import (
    Cohort,
    KPISet,
)
from kpis.proposals import verbs as proposals
from kpis.proposals.content import content_of, hash_of
from kpis.proxies import verbs as proxies
from kpis.proxies.lines import Figure
from kpis.proxies.tests.making import FACTS, make_proxy
from kpis.tests.factories import make_measure
from reporting.tests.making import APRIL, MAY, NOW, add_up, make_return, promise
from socialvalue.tests.world import world  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db


def text_of(page):
    return (b"".join(page.streaming_content) if page.streaming else page.content).decode("utf-8", "replace")


TABLES = ("worth", "workings", "measures", "contracts", "directorates", "months")


@pytest.fixture
def june(monkeypatch):
    """Stop the clock on the day of `reporting.tests.making`."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def report_paths(contract, measures):
    """Return every address that shows £ of the contract, its periods, and its files of the last month."""
    supplier = contract.suppliers.get().pk
    plain = [
        contract.get_absolute_url(),
        reverse("reporting:contract-worth", args=[contract.pk]),
        reverse("reporting:supplier-page", args=[supplier]),
        reverse("reporting:supplier-worth", args=[supplier]),
        reverse("kpis:kpi-set-page", args=[contract.pk, 1]),
        reverse("kpis:radar"),
        *(reverse("kpis:measure-page", args=[one.pk]) for one in measures),
        *(one.proxies.first().get_absolute_url() for one in measures),
    ]
    monthly = []
    for month in ("2026-04", "2026-05"):
        monthly += [reverse(f"reporting:council-{page}", args=[month]) for page in ("report", "worth")]
        for slug in ("neighbourhoods", "adult-services"):
            monthly += [
                reverse(f"reporting:directorate-{page}", args=[slug, month]) for page in ("report", "worth")
            ]
        for one in measures:
            theme = one.theme_id
            monthly += [
                reverse(f"reporting:theme-{page}", args=[theme, month]) for page in ("report", "worth")
            ]
            monthly += [
                reverse("reporting:measure-report", args=[one.pk, month]),
                reverse("reporting:directorate-measure-report", args=["neighbourhoods", month, one.pk]),
            ]
    monthly = list(dict.fromkeys(monthly))
    last = [path for path in monthly if "/2026-05/" in path]
    asked = [*monthly, *(f"{path}?period={period}" for path in last for period in ("month", "life"))]
    asked += [f"{path}?directorate=neighbourhoods" for path in last if "/themes/" in path]
    files = [f"{path}?format=csv&table={table}" for path in (*plain, *last) for table in TABLES]
    return [*plain, *asked, *files]


@pytest.mark.walk
def test_no_pound_of_a_small_group_is_read_by_an_outsider(client, cast, june, highways, home_care, lena):
    """Three of one group: by its measure in one KPI, by its terms in another; no page or file has their £."""
    children = Cohort.objects.get(is_our_children=True)
    about = make_measure("Our Children hired", unit="test-people", cohort=children)
    mixed = make_measure("People hired", unit="test-people")
    local = {"stream": "local", "price_year": 2024}
    price_about = make_proxy(about, lena, "10007", low="9001", high="11003")
    price_mixed = make_proxy(mixed, lena, "20011", low="19001", high="21001", **local)
    make_proxy(mixed, lena, "17", name="Ours", is_local=True, **local)
    kpi_set = promise(highways, (about, 24), (mixed, 36))
    kpi_set.terms.filter(kpi__measure=about).update(proxy=price_about)
    kpi_set.terms.filter(kpi__measure=mixed).update(proxy=price_mixed, cohort=children)
    other = promise(home_care, (mixed, 600))
    other.terms.update(proxy=price_mixed)
    for month, few in ((APRIL, 12), (MAY, 3)):
        make_return(kpi_set, month, {about: few, mixed: few + 1}, verified={about: few - 1, mixed: few})
        make_return(other, month, {mixed: 50}, verified={mixed: 50})
    add_up()
    secrets = {}
    for price, counts, target in ((10007, (3, 2, 12, 11, 15, 13), 24), (20011, (4, 3, 13, 12, 17, 15), 36)):
        for count in (*counts, target, target // 12, target // 12 * 2, target // 12 * 5):
            secrets |= {f"{price * count:,}": count, str(price * count): count}
    # Together with what anybody reads of the other contract.
    for count in (4, 3, 17, 15):
        secrets |= {f"{20011 * (100 + count):,}": count, f"{20011 * (50 + count):,}": count}
    told, read = {}, 0
    paths = report_paths(highways, (about, mixed))
    for who in ("sami", "della", "otto"):
        client.force_login(cast[who])
        for path in paths:
            page = client.get(path)
            if page.status_code != 200:
                continue
            read += 1
            text = text_of(page)
            found = {
                secret for secret in secrets if re.search(rf"(?<![\d.,]){secret}(?![\d,]|\.[1-9])", text)
            }
            if found:
                told[who, path] = found
    assert told == {}
    assert read > 100
    client.force_login(lena)
    assert "30,021" in text_of(
        client.get(reverse("reporting:council-worth", args=["2026-05"]) + "?period=month")
    )


# What a page says of proposals to come.
SAID_OF_TODAY = "Measures may be proposed from|The library now has"


@pytest.mark.walk
def test_nothing_the_library_becomes_moves_what_was_approved_or_reported(client, june, cast, highways):
    """Values replaced, measures and editions retired: pages, records and files stay, byte for byte."""
    lena, colin, dana = cast["lena"], cast["colin"], cast["dana"]
    measure, gone = make_measure("Hours given", unit="test-hours"), make_measure("Trees", unit="test-trees")
    values = [make_proxy(one, lena, "10007", low="9001", high="11003") for one in (measure, gone)]
    kpi_set = proposals.start_set(highways, by=colin)
    proposals.describe(kpi_set, by=colin, effective_month=APRIL, why="As tendered.")
    for one in (measure, gone):
        proposals.add_kpi(kpi_set, by=colin, measure=one, target=Decimal(48), ends_month=dt.date(2029, 3, 1))
    sent = proposals.submit(kpi_set, by=colin)
    approvals.approve(sent, by=dana, content_hash=sent.content_hash)
    for month in (APRIL, MAY):
        make_return(sent, month, {measure: 12, gone: 7}, verified={measure: 11})
    add_up()
    paths = [path for path in report_paths(highways, (measure, gone)) if "/library/" not in path]
    paths.append(reverse("kpis:kpi-set-record", args=[highways.pk, 1]))

    def read():
        client.force_login(lena)
        pages = {path: client.get(path) for path in paths}
        return {
            path: re.sub(f'csrfmiddlewaretoken" value="[^"]*"|.*(?:{SAID_OF_TODAY}).*\n', "", text_of(page))
            for path, page in pages.items()
            if page.status_code == 200
        }

    before = read()
    new = [Figure(None, Decimal(3), Decimal(2), Decimal(4))]
    proxies.replace_proxy(values[0], by=lena, why="Newer", values=new, **{**FACTS, "name": "Newer"})
    proxies.withdraw(values[1], by=lena, why="Retracted")
    library.retire(gone, by=lena, replaced_by=measure)
    editions.retire(measure.framework, by=lena)
    after = read()
    assert {path for path in before if before[path] != after[path]} == set()
    assert len(before) > 60
    assert hash_of(content_of(KPISet.objects.get(pk=sent.pk))) == sent.content_hash
    call_command("check_totals")
    call_command("check_worth")
