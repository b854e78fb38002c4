"""The pages: upload, buyers, categories, preview, questions, apply, progress, stop, abandon."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contracts.models import Category, Contract, NoticeImport
from contracts.notices import verbs
from contracts.notices.tests.files import package, release
from contracts.notices.tests.test_importing import OTHER

DATA = package(
    release(),
    release(ocid="ocds-test01-2", name="o", buyer=OTHER, parties=...),
    release(date=..., name="bad"),
)


def upload(client, data=DATA):
    file = SimpleUploadedFile("notices.json", data)
    return client.post(reverse("contracts:notice-import-start"), {"file": file})


def url(name, standing=None):
    standing = standing or NoticeImport.objects.latest("pk")
    return reverse(f"contracts:notice-import-{name}", args=[standing.pk])


def test_the_lead_goes_from_a_file_to_contracts(as_person, lena):
    client = as_person(lena)
    assert upload(client).url == url("buyers")
    page = client.get(url("buyers"))
    assert b"Elsewhere Council" in page.content
    assert "it has no “date”" in page.content.decode()
    assert b"There is a problem" in client.post(url("buyers"), {}).content
    assert client.post(url("buyers"), {"buyers": ["calderbeckcouncil"]}).url == url("mapping")
    assert b"1 category" in client.get(url("mapping")).content
    assert client.post(url("mapping"), {"make_categories": "on"}).url == url("page")
    page = client.get(url("page")).content.decode()
    assert "What this import would do" in page
    assert "Apply: add 1, change 0" in page
    assert Contract.objects.count() == 0
    assert client.post(url("apply")).url == url("page")
    contract = Contract.objects.get()
    assert contract.category == Category.objects.get()
    assert "The notices are applied" in client.get(url("page")).content.decode()
    assert "Bought by Elsewhere Council" in client.get(url("page") + "?show=other_buyer").content.decode()
    listed = b"".join(client.get(url("problems")).streaming_content).decode()
    assert "Release 3 (ocds-test01-1)" in listed
    # The second time everything is known.
    upload(client)
    assert client.post(url("buyers"), {"buyers": ["calderbeckcouncil"]}).url == url("page")
    assert "Apply: nothing to change" in client.get(url("page")).content.decode()
    assert client.get(reverse("contracts:notice-import-list")).content.count(b"notices.json") == 2


def test_what_is_no_package_is_said_by_the_field_and_nothing_is_kept(as_person, lena):
    page = upload(as_person(lena), DATA[:-20])
    assert "The file is cut off" in page.content.decode()
    assert NoticeImport.objects.count() == 0


def test_the_contract_page_shows_notices_facts_and_kpis_named_there(as_person, lena, bring_in):
    document = {
        "id": "r1", "documentType": "contractNotice", "noticeType": "UK7",
        "url": "https://notices.example/r1",
    }  # fmt: skip
    metric = {"id": "k", "title": "Apprentices <b>started</b>"}
    bring_in(release(contracts=[
        {"id": "1", "awardID": "1", "agreedMetrics": [metric], "documents": [document]}]))  # fmt: skip
    Contract.objects.update(title="By hand")
    page = as_person(lena).get(reverse("reporting:contract-page", args=[Contract.objects.get().pk]))
    text = page.content.decode()
    assert 'href="https://notices.example/r1">Contract details notice (UK7)' in text
    assert "Apprentices &lt;b&gt;started&lt;/b&gt;" in text
    assert "Which facts came from which notice" in text
    assert ">By hand</td>" in text


def test_a_question_is_answered_on_its_page(as_person, lena):
    known = Contract.objects.create(title="Mowing", reference="CB 100", reference_key="cb100")
    client = as_person(lena)
    upload(client)
    client.post(url("buyers"), {"buyers": ["calderbeckcouncil"]})
    client.post(url("mapping"), {})
    assert "may be here already" in client.get(url("page")).content.decode()
    assert f"It is contract {known.pk}: Mowing" in client.get(url("questions")).content.decode()
    assert b"There is a problem" in client.post(url("questions"), {"item_1": "99"}).content
    assert client.post(url("questions"), {"item_1": str(known.pk)}).url == url("page")
    assert "change 1" in client.get(url("page")).content.decode()


def test_a_long_import_shows_its_progress_and_can_be_stopped_and_carried_on(as_person, lena, monkeypatch):
    monkeypatch.setattr(verbs, "AT_ONCE", 0)
    monkeypatch.setattr(verbs, "wake", lambda standing: None)
    client = as_person(lena)
    upload(client)
    client.post(url("buyers"), {"buyers": ["calderbeckcouncil"]})
    client.post(url("mapping"), {})
    page = client.get(url("page"))
    assert page["Refresh"] == "5"
    client.post(url("carry-on"))
    client.post(url("apply"))
    assert "0 of 1" in client.get(url("page")).content.decode()
    client.post(url("stop"))
    assert "The import has stopped" in client.get(url("page")).content.decode()
    client.post(url("check"))
    client.post(url("carry-on"))
    client.post(url("apply"))
    client.post(url("carry-on"))
    assert NoticeImport.objects.get().status == "applied"
    assert client.post(url("stop")).status_code == 409


def test_an_import_can_be_abandoned_and_only_one_is_applied_at_a_time(as_person, lena):
    client = as_person(lena)
    upload(client)
    assert b"Nothing of notices.json has been applied" in client.get(url("abandon")).content
    client.post(url("abandon"))
    assert client.get(url("page")).content.count(b"abandoned") > 0
    upload(client)
    client.post(url("buyers"), {"buyers": ["calderbeckcouncil"]})
    client.post(url("mapping"), {})
    NoticeImport.objects.filter(status="abandoned").update(status="applying")
    page = client.post(url("apply"), follow=True).content.decode()
    assert "only one can be applied at a time" in page


@pytest.mark.parametrize("name", ["list", "start"])
def test_others_are_told_who_imports(as_person, colin, name):
    page = as_person(colin).get(reverse(f"contracts:notice-import-{name}"))
    assert page.status_code == 403
    assert "the social value lead and administrators" in page.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_contracts(db, lena, django_assert_max_num_queries):
    def run(count):
        data = package(*(release(ocid=f"ocds-q-{count}-{n}", name=f"r{n}",
                                 tender={"id": f"REF-{count}-{n}", "title": f"Service {count} {n}"})
                         for n in range(count)))  # fmt: skip
        started = verbs.start(data, by=lena, name="n.json")
        verbs.set_buyers(started, by=lena, keys=["calderbeckcouncil"])
        verbs.check(started)
        verbs.begin_applying(started, by=lena)
        with django_assert_max_num_queries(60):
            assert verbs.carry_on(started.pk).status == "applied"

    run(2)
    run(80)
    assert Contract.objects.filter(suppliers__name="Fellside Works Ltd").count() == 82
