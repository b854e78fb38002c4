"""One search box: each person finds only what they may see."""

from conftest import make_contract
from kpis.library.models import Measure


def test_a_search_finds_contracts_suppliers_measures_and_people(as_person, lena, highways):
    client = as_person(lena)
    assert "Highways resurfacing" in client.get("/search/", {"q": "RESURFACING"}).content.decode()
    text = client.get("/search/", {"q": "fellside"}).content.decode()
    assert "Suppliers" in text
    assert "1 contract" in text
    assert "Priya Shah" in client.get("/search/", {"q": "priya"}).content.decode()
    measure = Measure.objects.live().first()
    if measure:
        assert measure.title in client.get("/search/", {"q": measure.code}).content.decode()


def test_a_number_leads_straight_to_its_contract(as_person, lena, highways):
    page = as_person(lena).get("/search/", {"q": str(highways.number)})
    assert page.context["exact"] == highways


def test_nobody_finds_what_they_may_not_see(as_person, otto, sami, nadia, highways, home_care, priya):
    make_contract("Hidden", highways.directorate, supplier="Secret Supplies Ltd")
    text = as_person(otto).get("/search/", {"q": "secret"}).content.decode()
    assert "Secret Supplies" not in text
    assert "Nothing found" in text
    assert as_person(otto).get("/search/", {"q": str(highways.number)}).context["exact"] is None
    assert "priya.shah@" not in as_person(sami).get("/search/", {"q": "priya"}).content.decode()
    assert "Highways resurfacing" not in as_person(nadia).get("/search/", {"q": "highways"}).content.decode()


def test_odd_words_do_no_harm(as_person, lena, highways):
    client = as_person(lena)
    for words in ("", "%", "_", "'\"<b>", "\x00", "9" * 60, "x " * 300):
        assert client.get("/search/", {"q": words}).status_code == 200


def test_measures_of_a_draft_edition_are_not_found(as_person, colin):
    measure = Measure.objects.live().filter(framework__status="live").first()
    assert measure.title in as_person(colin).get("/search/", {"q": measure.code}).content.decode()
    measure.framework.__class__.objects.filter(pk=measure.framework_id).update(status="draft")
    assert measure.title not in as_person(colin).get("/search/", {"q": measure.code}).content.decode()
