"""Hand-made requests about the library: drafts, whole forms of the wrong people, odd values and numbers."""

import pytest
from django.urls import reverse

from accounts.calendar import first_of_month, today
from accounts.models import HistoryRow
from kpis.models import (
    DeflatorSeries,
    Proxy,
)
from kpis.proxies.tests.making import make_proxy
from kpis.tests.factories import make_approved_set, make_measure
from socialvalue.tests.access import ACTS, PAGES, allowed_and_refused
from socialvalue.tests.addresses import address
from socialvalue.tests.world import world  # noqa: F401 (a fixture)

ROOMS = ("library", "measure", "framework", "theme", "outcome", "priority", "template", "proxy", "deflator",
         "practice", "guidance", "contract-frameworks")  # fmt: skip
OURS = [name for name in (*PAGES, *ACTS) if name.split(":")[1].startswith(ROOMS)]


def text_of(page):
    return (b"".join(page.streaming_content) if page.streaming else page.content).decode("utf-8", "replace")


@pytest.mark.walk
def test_a_draft_is_read_by_nobody_but_its_keeper(client, world):  # noqa: F811
    """Its words stand on no page and in no file of anybody else, whatever leads to it."""
    w = world
    draft = make_measure("HIDDEN measure", theme=w.theme, code="HIDDEN-1", status="draft")
    draft.priorities.add(w.priority)
    proxy = make_proxy(draft, w.who.lena, "77", name="HIDDEN value")
    other = make_proxy(draft, w.who.lena, "78", name="HIDDEN local", is_local=True)
    live = w.practice_note.measure
    paths = {name: address(name, w) for name in PAGES if name != "accounts:history-list"}
    month = w.month
    paths |= {
        "draft": draft.get_absolute_url(),
        "value": proxy.get_absolute_url(),
        "uplift": reverse("kpis:proxy-uplift", args=[draft.pk, other.pk]),
        "values": reverse("kpis:proxy-list") + "?which=all",
        "values file": reverse("kpis:proxy-list") + "?format=csv&which=all",
        "library file": reverse("kpis:library") + "?format=csv&status=all",
        "library": reverse("kpis:library") + "?status=draft&q=HIDDEN",
        "print": reverse("kpis:library-print") + "?status=draft",
        "compare": reverse("kpis:measure-compare") + f"?measure={draft.pk}&measure={live.pk}",
        "compare m": reverse("kpis:measure-compare") + f"?m={draft.pk}&m={live.pk}",
        "report": reverse("reporting:measure-report", args=[draft.pk, month]),
        "directorate report": reverse(
            "reporting:directorate-measure-report", args=[w.directorate.slug, month, draft.pk]
        ),
        "worth": reverse("reporting:council-worth", args=[month]) + f"?measure={draft.pk}",
        "notes": reverse("kpis:practice-list") + "?q=HIDDEN",
        "propose": reverse("kpis:kpi-add-measure", args=[w.waste.pk, w.draft.number, draft.pk]),
        "search": reverse("reporting:search") + "?q=measure",
    }
    told = {}
    for who in ("colin", "sami", "adam", "otto"):
        client.force_login(w.cast[who])
        for name, path in paths.items():
            page = client.get(path)
            if page.status_code != 200:
                continue
            text = text_of(page).replace("q=HIDDEN", "").replace('value="HIDDEN"', "")
            for secret in ("HIDDEN measure", "HIDDEN-1", "HIDDEN value", "HIDDEN local"):
                if secret in text:
                    told.setdefault((name, secret), []).append(who)
    for key, value in told.items():
        print(key, value)
    assert told == {}


FORM = {
    "name": "Mine", "how": "one", "value": "5", "price_year": "2024", "stream": "social", "geography": "x",
    "source": "x", "licence": "x", "lasts_years": "1", "why": "x",
}  # fmt: skip


def whole_forms(w):
    """Return a whole and valid form for each act on the library."""
    note, page = w.practice_note, w.guidance
    edition = w.theme.framework
    heading = {"code": "x", "title": "Mine", "position": 1, "seen": 0}
    facts = {"name": "Mine", "edition": "9", "source": "x", "licence": "x", "offered": "chosen"}
    measure = {
        "code": "MINE", "title": "Mine", "theme": w.theme.pk, "kind": "count", "unit": note.measure.unit_id,
        "direction": "higher", "roll_up": "sum", "across": "sum", "counting_rule": "x",
        "evidence_expected": "x", "status": "live", "seen": 0,
    }  # fmt: skip
    return {
        "kpis:measure-add": measure,
        "kpis:measure-edit": {**measure, "code": "SV-09", "title": "Mine"},
        "kpis:measure-retire": {"note": "x"},
        "kpis:measure-live": {},
        "kpis:framework-add": facts,
        "kpis:framework-edit": {**facts, "version": edition.version},
        "kpis:framework-status": {"note": "x", "version": edition.version},
        "kpis:framework-licence": {"licence_note": "x", "confirm": "on", "version": edition.version},
        "kpis:framework-licence-withdraw": {"note": "x", "version": edition.version},
        "kpis:framework-remove": {"version": edition.version},
        "kpis:framework-copy": {"name": "Mine", "edition": "9", "source": "x", "what": "measures"},
        "kpis:theme-add": heading,
        "kpis:theme-edit": heading,
        "kpis:theme-remove": {},
        "kpis:outcome-add": heading,
        "kpis:outcome-edit": heading,
        "kpis:outcome-remove": {},
        "kpis:priority-add": {"title": "Mine", "position": 1},
        "kpis:priority-edit": {"title": "Mine", "position": 1, "version": w.priority.version},
        "kpis:priority-status": {"note": "x", "version": w.priority.version},
        "kpis:template-replace": {"seen": 0},
        "kpis:proxy-add": FORM,
        "kpis:proxy-replace": FORM,
        "kpis:proxy-withdraw": {"why": "x"},
        "kpis:proxy-make-usual": {},
        "kpis:proxy-uplift": {
            "series": DeflatorSeries.objects.get().pk, "year": 2024, "name": "Mine", "place": "beside",
        },
        "kpis:deflator-add": {"name": "Mine", "source": "x", "licence": "x", "lines": "2024, 100"},
        "kpis:deflator-current": {"current": "no"},
        "kpis:practice-note-add": {"title": "Mine", "text": "x", "measure": note.measure_id},
        "kpis:practice-note-edit": {
            "title": "Mine", "text": "x", "measure": note.measure_id, "version": note.version,
        },
        "kpis:practice-note-withdraw": {"version": note.version},
        "kpis:guidance-add": {"title": "Mine", "body": "x"},
        "kpis:guidance-edit": {"title": "Mine", "body": "x", "version": page.version},
        "kpis:guidance-publish": {"version": page.version},
        "kpis:guidance-move": {"to": "up"},
        "kpis:contract-frameworks": {
            "which": "chosen", "frameworks": [edition.pk], "note": "x", "seen": 0,
        },
        "kpis:kpi-take-value": {},
    }  # fmt: skip


# Everybody who reads the library works out an uplift; only its keeper adds it.
SENT_BY = {"kpis:proxy-uplift": ["lena"]}


@pytest.mark.walk
def test_whole_forms_of_the_wrong_people_change_nothing_in_the_library(client, world):  # noqa: F811
    forms, wrong = whole_forms(world), {}
    for name, body in forms.items():
        allowed, _ = allowed_and_refused({**PAGES, **ACTS}[name], world.cast)
        path = address(name, world)
        for who, person in world.cast.items():
            if who in SENT_BY.get(name, allowed):
                continue
            client.force_login(person)
            before = HistoryRow.objects.count()
            status = client.post(path, body).status_code
            if status not in {403, 404} or HistoryRow.objects.count() != before:
                wrong[name, who] = status
    assert wrong == {}


VERSIONED = {
    "kpis:framework-edit", "kpis:framework-status", "kpis:priority-edit", "kpis:priority-status",
    "kpis:practice-note-edit", "kpis:practice-note-withdraw", "kpis:guidance-edit", "kpis:guidance-publish",
}  # fmt: skip
MARKED = {"kpis:theme-edit", "kpis:outcome-edit", "kpis:measure-edit", "kpis:contract-frameworks"}


def test_a_stale_form_of_the_library_saves_nothing_over_a_change(client, world):  # noqa: F811
    """Without its version or mark, or with an old one, it is told; the mark is of the change before."""
    wrong = {}
    client.force_login(world.who.lena)
    for name, body in whole_forms(world).items():
        if name in MARKED:
            made = client.post(address(name, world), body)
            assert made.status_code == 302, (name, made.context["form"].errors)
        elif name not in VERSIONED:
            continue
        for without in ({}, {"version": "999", "seen": "999"}, {"version": "9" * 30, "seen": "9" * 30}):
            sent = {key: value for key, value in body.items() if key not in ("version", "seen")} | without
            before = HistoryRow.objects.count()
            status = client.post(address(name, world), sent).status_code
            if status != 409 or HistoryRow.objects.count() != before:
                wrong[name, str(without)[:30]] = status
    assert wrong == {}


def test_a_value_opens_under_its_own_measure_only(client, world):  # noqa: F811
    """Another measure's number before it finds nothing, and a number no database holds neither."""
    proxy, wrong = Proxy.objects.get(measure__code="SV-32"), {}
    numbers = ((world.practice_note.measure_id, proxy.pk), (2**63, proxy.pk), (proxy.measure_id, 10**30))
    body = {**FORM, **whole_forms(world)["kpis:proxy-uplift"]}
    client.force_login(world.who.lena)
    before = HistoryRow.objects.count()
    for act in ("page", "replace", "withdraw", "make-usual", "uplift"):
        for args in numbers:
            path = reverse(f"kpis:proxy-{act}", args=args)
            for answer in (client.get(path), client.post(path, body)):
                if answer.status_code not in (404, 405):
                    wrong[act, args] = answer.status_code
    assert wrong == {}
    assert HistoryRow.objects.count() == before


HUGE = ("9" * 30, "9" * 5000, "-1", "\x00", "x" * 20_000, "٣", "1e400", "NaN", "²")
BOXES = """
    seen version position price_year value low high lasts_years deadweight drop_off by_year name title code
    theme outcome also_under priorities cohort unit frameworks measure contract_number directorate note why
    replaced_by previous series year lines body q text edition source_url licence_note
    procured_from_0 procured_from_1 procured_from_2 valid_from_0 valid_from_1 valid_from_2
    items-0-measure items-0-suggested items-TOTAL_FORMS items-INITIAL_FORMS
"""
WAYS = {
    "how": "one", "which": "chosen", "stream": "social", "offered": "by_date", "kind": "count",
    "direction": "higher", "roll_up": "sum", "across": "sum", "status": "live", "place": "beside",
}  # fmt: skip


@pytest.mark.walk
def test_odd_values_in_any_box_of_the_library_are_refused_plainly(client, world):  # noqa: F811
    wrong = {}
    client.raise_request_exception = False
    client.force_login(world.who.lena)
    rows = {"items-TOTAL_FORMS": "0", "items-INITIAL_FORMS": "0", "name": "No rows", "seen": "0"}
    for name in OURS:
        path = address(name, world)
        for value in HUGE:
            status = client.post(path, dict.fromkeys(BOXES.split(), value) | WAYS).status_code
            if status >= 500:
                wrong[name, value[:9], len(value)] = status
        if client.post(path, rows).status_code >= 500:
            wrong[name, "no rows"] = 500
        for value in HUGE[:4]:
            asked = dict.fromkeys(
                ("q", "page", "measure", "theme", "contract", "m", "framework"), value[:3000]
            )
            if client.get(path, asked).status_code >= 500:
                wrong[name, value[:9], "asked"] = 500
    assert wrong == {}


def test_figures_of_contracts_one_may_not_see_are_in_no_difference_between_two_values(client, world):  # noqa: F811
    """One contract's figure may be the council's: who may not read that reads their own contracts'."""
    w = world
    measure = make_measure("Hours given", unit="test-hours")
    national = make_proxy(measure, w.who.lena, "10007")
    make_proxy(measure, w.who.lena, "11", name="Ours", is_local=True)
    make_approved_set(w.home_care, first_of_month(today()), [(measure, 24)], proxy=national)
    told = {}
    for who, person in w.cast.items():
        client.force_login(person)
        page = client.get(national.get_absolute_url())
        told[who] = page.status_code == 200 and "240,168" in text_of(page)
    assert {who for who, saw in told.items() if saw} == {
        "lena",
        "ewa",
        "sami",
        "adam",
        "oscar",
        "olga",
        "otto",
    }
