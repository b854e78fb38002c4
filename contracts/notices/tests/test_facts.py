"""What is read of a notice: the merged procurement, its contracts, their facts and where each is from."""

from contracts.models import Contract
from contracts.notices.package import read_package
from contracts.notices.plan import items_in
from contracts.notices.tests.files import ACT, SUPPLIER, US, award, package, release, tender


def items(*releases):
    return items_in(read_package(package(*releases)))


def one(*releases):
    (item,) = items(*releases)
    return item


def test_every_fact_of_an_award_is_read():
    item = one(release(awards=[award(contractPeriod={
        "startDate": "2025-09-01T00:00:00+01:00", "endDate": "2028-08-31T23:59:59+01:00",
        "maxExtentDate": "2030-08-31T23:59:59Z",
    })], contracts=[{"id": "c1", "awardID": "1", "status": "active", "dateSigned": "2025-08-20T00:00:00Z",
                     "noAgreedMetricsRationale": "One delivery only."}]))  # fmt: skip
    assert item.read == {
        "reference": "CB-100",
        "title": "Grounds maintenance",
        "description": "Parks and verges",
        "supplier_text": "Fellside Works Ltd",
        "sme": "yes",
        "vcse": "no",
        "category_text": "Grounds maintenance services",
        "process": "Open procedure",
        "starts_on": "2025-09-01",
        "ends_on": "2028-08-31",
        "last_extension_to": "2030-08-31",
        "signed_on": "2025-08-20",
        "value": "250000.00",
        "value_basis": "whole",
        "estimated_value_inc_vat": "300000.00",
        "regime": "pa2023",
        "kpi_exemption": "One delivery only.",
    }
    assert (item.part, item.award_id, item.contract_id) == ("c1", "1", "c1")
    assert item.suppliers[0].company_number == "00123456"


def test_a_later_release_changes_what_it_says_and_deletes_nothing():
    later = release(
        name="r2", date="2025-09-10T09:00:00Z", tag="awardUpdate", parties=..., tender={"title": None},
        awards=[{"id": "1", "value": {"amount": 260000}}],
    )  # fmt: skip
    # The order in the file does not count, the date does.
    item = one(later, release())
    assert item.read["value"] == "260000.00"
    assert item.read["estimated_value_inc_vat"] == "300000.00"
    assert item.read["title"] == "Grounds maintenance"
    assert (item.sources["value"].id, item.sources["title"].id) == ("r2", "r1")
    assert any("says null for `tender.title`" in text for text in item.warnings)
    assert item.process.positions == [1, 2]


def test_repeated_and_contradicting_ids_are_said():
    item = one(release(), release(), release(tender=tender(title="Verges")))
    assert "Release 2 is the same as release 1; it counts once." in item.warnings
    assert any(text.startswith("Release 3 has the same id as release 1 but other") for text in item.warnings)
    assert item.read["title"] == "Verges"


def test_each_contract_and_each_award_without_one_is_a_contract_of_its_own():
    found = items(release(
        awards=[award("1"), award("2"), award("3", status="unsuccessful"), award("4", status="pending")],
        contracts=[{"id": "1", "awardID": "2", "title": "Lot two"},
                   {"id": "x", "awardID": "2", "status": "cancelled"}],
    ))  # fmt: skip
    assert [(one.part, one.step, bool(one.reasons)) for one in found] == [
        ("contract 1", "awarded", False),
        ("x", "awarded", True),
        ("award 1", "awarded", False),
        ("3", "awarded", True),
        ("4", "pending", False),
    ]
    assert found[0].read["title"] == "Lot two"


def test_lots_give_siblings_their_names():
    lots = [{"id": "a", "title": "North"}, {"id": "b", "title": "South"}]
    found = items(release(
        tender=tender(lots=lots), awards=[award("1", relatedLots=["a"]), award("2", relatedLots=["b"])]
    ))  # fmt: skip
    assert [one.read["title"] for one in found] == [
        "Grounds maintenance: North", "Grounds maintenance: South",
    ]  # fmt: skip


def test_several_suppliers_stay_several_and_names_are_never_split():
    suppliers = [
        SUPPLIER, {"id": "x", "name": "Oak, Ash and Thorn, Limited"},
        {"id": "GB-CHC-1012345", "name": "Calder Trust"},
        {"id": "y", "name": None}, {"id": "x", "name": "Oak, Ash and Thorn, Limited"},
    ]  # fmt: skip
    parties = [{"id": "GB-CHC-1012345", "name": "Calder Trust", "details": {"scale": "large", "vcse": True}}]
    item = one(release(awards=[award(suppliers=suppliers)], parties=parties))
    names = [(one.name, one.company_number, one.charity_number) for one in item.suppliers]
    assert names == [
        ("Fellside Works Ltd", "00123456", ""),
        ("Oak, Ash and Thorn, Limited", "", ""),
        ("Calder Trust", "", "1012345"),
    ]
    assert item.read["supplier_text"] == "Fellside Works Ltd; Oak, Ash and Thorn, Limited; Calder Trust"
    assert "sme" not in item.read
    assert any("only by the number y" in text for text in item.warnings)


def test_two_suppliers_with_one_id_are_both_kept():
    twins = [{"id": "0", "name": "Dale Coaches"}, {"id": "0", "name": "Mere Minibuses"}]
    item = one(release(awards=[award(suppliers=twins)], parties=...))
    assert [one.name for one in item.suppliers] == ["Dale Coaches", "Mere Minibuses"]
    assert any("have the same id (0)" in text for text in item.warnings)


def test_the_buyer_is_found_by_its_id_or_its_part():
    by_id = one(release(buyer={"id": US["id"]}))
    by_role = one(release(buyer=...))
    assert by_id.buyers == by_role.buyers
    assert (by_id.buyers[0].name, by_id.buyers[0].identifier) == (US["name"], US["id"])
    nobody = one(release(buyer=..., parties=...))
    assert nobody.reasons[0].startswith("No buyer is named")


def test_a_procurement_without_awards_is_a_tender_or_a_plan():
    period = {"startDate": "2026-04-01", "endDate": "2027-03-31T23:59:59Z"}
    found = one(release(
        tag="tender", awards=[],
        tender=tender(status="active", value={"amount": "1,000"}, contractPeriod=period),
    ))  # fmt: skip
    assert (found.step, found.part, found.read["value"], found.read["ends_on"]) == (
        "tender", "", "1000.00", "2027-03-31",
    )  # fmt: skip
    assert one(release(tag="planning", awards=..., tender=tender(status="planning"))).step == "planning"
    gone = one(release(tag="tenderCancellation", awards=..., tender=tender(status="cancelled")))
    assert "cancelled" in gone.reasons[0]
    empty = one(release(tag="award", awards=..., tender=...))
    assert empty.reasons[0].startswith("It tells of no planned contract")


def test_days_are_days_in_london():
    def days(start, end):
        read = one(release(awards=[award(contractPeriod={"startDate": start, "endDate": end})])).read
        return read.get("starts_on"), read.get("ends_on")

    assert days("2025-09-01T00:00:00+01:00", "2026-08-31T23:59:59Z") == ("2025-09-01", "2026-08-31")
    assert days("2025-08-31T23:00:00Z", "2025-12-01T00:00:00+01:00") == ("2025-09-01", "2025-12-01")
    assert days("2025-09-01", "31/08/2026") == ("2025-09-01", "2026-08-31")
    assert days("2025-09-01T10:30:00", None) == ("2025-09-01", None)
    assert days("never", 20) == (None, None)


def test_amounts_are_exact_and_what_is_none_is_said():
    def value(**given):
        item = one(release(awards=[award(value=given)]))
        return item.read.get("value"), " ".join(item.warnings)

    assert value(amount="12,345.678")[0] == "12345.68"
    assert value(amount=0)[0] == "0.00"
    assert "often stands for “not known”" in value(amount=0)[1]
    assert value(amount=-5)[0] == "-5.00"
    assert "below zero" in value(amount=-5)[1]
    assert value(amount=None)[0] is None
    assert "is not an amount" in value(amount="lots")[1]
    assert "is not an amount" in value(amount=True)[1]
    assert "is not an amount" in value(amount="NaN")[1]
    assert "larger than any amount" in value(amount=1e30)[1]
    assert "not in pounds" in value(amount=5, currency="EUR")[1]


def test_text_is_cleaned_and_cut_with_a_word():
    item = one(release(tender=tender(
        title="A&amp;E &quot;x&quot;" + "y" * 600,
        description="First line.rnrnAdditional words.rnMore; modern centrernLondon\\r\\nlast",
    )))  # fmt: skip
    assert item.read["title"].startswith('A&E "x"y')
    assert len(item.read["title"]) == 500
    assert item.read["description"] == ("First line.\n\nAdditional words.\nMore; modern centrernLondon\nlast")
    assert any("The title has 607 characters" in text for text in item.warnings)


def test_kinds_are_told_only_where_the_notice_tells_them():
    item = one(release(tender=tender(
        techniques={"hasFrameworkAgreement": True}, specialRegime=["lightTouch"],
        legalBasis={"id": "32014L0024"},
        suitability={"sme": True, "vcse": False},
    )))  # fmt: skip
    assert (item.read["agreement_type"], item.read["act_kind"], item.read.get("regime")) == (
        "framework", "light_touch", None,
    )  # fmt: skip
    # Whom a tender suits says nothing of who won it.
    assert item.suitable == "small or medium-sized suppliers"
    assert item.read["sme"] == "yes"
    assert (
        one(release(tender=tender(legalBasis=ACT, specialRegime="concession"))).read["act_kind"]
        == "concession"
    )
    assert "agreement_type" not in one(release()).read


def test_kpis_amendments_and_terminations_are_told():
    metric = {"id": "k1", "title": "Apprentices", "description": "Ten a year", "observations": [
        {"id": "o", "measure": "10", "unit": {"name": "people"},
         "period": {"startDate": "2026-04-01T00:00:00Z", "endDate": "2027-03-31T23:59:59Z"}}]}  # fmt: skip
    rated = {"id": "k1", "observations": [
        {"id": "a", "measure": 9, "measureClassification": {"id": "slightlyBelow"}}]}  # fmt: skip
    item = one(
        release(contracts=[{"id": "1", "awardID": "1", "agreedMetrics": [metric, {"title": "No id"}],
                            "amendments": [{"id": "m", "date": "2026-05-03", "rationale": "More parks"}]}]),
        release(name="r2", date="2027-05-01T00:00:00Z", tag="implementation", contracts=[
            {"id": "1", "status": "terminated", "implementation": {"metrics": [rated]},
             "terminationRationaleClassifications": [{"id": "x", "description": "Discharge"}]}]),
    )  # fmt: skip
    assert item.kpis[0] == {
        "title": "Apprentices",
        "description": "Ten a year",
        "agreed": True,
        "targets": ["10 people, 1 April 2026 to 31 March 2027"],
        "ratings": ["Approaching target, 9"],
    }
    said = " ".join(item.warnings)
    assert "2 KPIs named in the notice (Apprentices; No id)" in said
    assert "It was changed on 3 May 2026: More parks" in said
    assert "has come to its end: Discharge" in said
    assert item.step == "terminated"


def test_the_notice_is_linked_only_over_http():
    def url(address):
        document = {"id": "r1", "documentType": "awardNotice", "noticeType": "UK6", "url": address}
        return one(release(awards=[award(documents=[document])])).notices[0]["url"]

    assert (
        url("https://www.find-tender.service.gov.uk/Notice/1")
        == "https://www.find-tender.service.gov.uk/Notice/1"
    )
    assert url("javascript:alert(1)") == ""
    assert url(None) == ""


def test_a_notice_of_termination_ends_the_contract_though_it_gives_no_status(bring_in, db):
    bring_in(release(contracts=[{"id": "c", "awardID": "1"}]))
    bring_in(release(name="r2", date="2025-11-01T09:00:00Z", tag="contractTermination", awards=...,
                     contracts=[{"id": "c", "awardID": "1"}]))  # fmt: skip
    assert Contract.objects.get().stage == "ended"
