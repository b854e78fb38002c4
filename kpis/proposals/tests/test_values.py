"""£ values in KPI sets: what a KPI takes, what approval freezes, and that a later library changes nothing."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.calendar import today
from accounts.history import history_of
from accounts.verbs.recipe import Invalid, Stale
from kpis.approvals import verbs as approvals
from kpis.library.models import KPITemplate, Measure, TemplateItem
from kpis.proposals import verbs
from kpis.proposals.checks import problems
from kpis.proposals.content import content_of, full_terms, hash_of
from kpis.proposals.differences import in_sentences
from kpis.proposals.from_template import start_from_template
from kpis.proposals.reading import read
from kpis.proxies import verbs as values
from kpis.proxies.lines import Figure
from kpis.proxies.models import Proxy
from kpis.proxies.tests.making import FACTS, make_proxy
from kpis.templatetags.proxies import per_unit

APRIL = dt.date(2026, 4, 1)
MARCH = dt.date(2027, 3, 1)


@pytest.fixture
def hours():
    """Return a starter measure that comes without a £ value: volunteer hours."""
    return Measure.objects.get(code="SV-25")


@pytest.fixture
def national(hours, lena):
    return make_proxy(hours, lena, "16.50", low="15", high="18")


@pytest.fixture
def draft(highways, colin, hours, national):
    kpi_set = verbs.start_set(highways, by=colin)
    kpi_set = verbs.describe(kpi_set, by=colin, effective_month=APRIL, why="Agreed at award")
    verbs.add_kpi(kpi_set, by=colin, measure=hours, target=Decimal(120), ends_month=MARCH)
    kpi_set.refresh_from_db()
    return kpi_set


def approve(draft, colin, dana):
    draft.refresh_from_db()
    sent = verbs.submit(draft, by=colin)
    return approvals.approve(sent, by=dana, content_hash=sent.content_hash)


def replace(proxy, lena, value="20", **facts):
    facts = {**FACTS, "name": "A newer value", "price_year": 2024, **facts}
    return values.replace_proxy(
        proxy, by=lena, values=[Figure(None, Decimal(value))], why="New study", **facts
    )


def test_a_new_kpi_takes_the_usual_value_and_history_says_so(draft, national):
    assert draft.terms.get().proxy == national
    row = history_of(draft).filter(action="proposals.add_kpi").get()
    assert row.after["£ value"] == "A national value: £16.50 (2022 prices)"


def test_a_kpi_may_take_another_value_or_none(draft, colin, hours, lena, national):
    local = make_proxy(hours, lena, "18", name="Ours", is_local=True, geography="Calderbeck")
    terms = verbs.change_kpi(draft.terms.get(), by=colin, proxy=local)
    assert terms.proxy == local
    terms = verbs.change_kpi(terms, by=colin, proxy=None)
    assert terms.proxy is None
    row = history_of(draft).filter(action="proposals.change_kpi").first()
    assert (row.before["£ value"], row.after["£ value"]) == ("Ours: £18.00 (2022 prices)", "No £ value")


def test_the_value_of_another_measure_or_a_withdrawn_one_is_refused(draft, colin, hours, lena, national):
    other = Proxy.objects.get(measure__code="SV-32")
    with pytest.raises(Invalid, match="of another measure"):
        verbs.change_kpi(draft.terms.get(), by=colin, proxy=other)
    gone = make_proxy(hours, lena, "18", name="Gone")
    values.withdraw(gone, by=lena, why="Retracted")
    gone.refresh_from_db()
    with pytest.raises(Invalid, match="Retracted"):
        verbs.change_kpi(draft.terms.get(), by=colin, proxy=gone)


def test_a_percentage_takes_no_value(highways, colin):
    kpi_set = verbs.start_set(highways, by=colin)
    share = Measure.objects.get(code="SV-20")
    terms = verbs.add_kpi(kpi_set, by=colin, measure=share, target=Decimal(90))
    assert terms.proxy is None


def test_what_is_sent_holds_the_value_in_full(draft):
    kpi = content_of(draft)["kpis"][0]
    number = draft.terms.get().proxy_id
    assert kpi["proxy"] == {
        "number": number,
        "name": "A national value",
        "price_year": 2022,
        "source": "A published study, table 3",
        "stream": "social",
        "factor": "1",
        "values": [{"year": None, "value": "16.5", "low": "15", "high": "18"}],
    }


def test_a_kpi_without_a_value_hashes_as_it_always_did(draft, colin):
    verbs.change_kpi(draft.terms.get(), by=colin, proxy=None)
    content = content_of(draft)
    assert set(content["kpis"][0]) == {
        *("position", "kpi", "measure", "measure_title", "title", "unit", "unit_name", "kind", "direction"),
        *(
            "roll_up",
            "numerator_name",
            "denominator_name",
            "target",
            "starts_month",
            "ends_month",
            "baseline",
        ),
        *("profile", "monthly_targets", "cohort", "counting_rule", "evidence_expected", "green_from"),
        *("amber_from", "why"),
    }
    content["kpis"][0]["kpi"] = content["contract"]["number"] = 1
    assert len(hash_of(content)) == 64


def test_a_value_changed_after_approval_leaves_every_old_figure_standing(
    draft, colin, dana, lena, national, as_person
):
    approved = approve(draft, colin, dana)
    record = reverse("kpis:kpi-set-record", args=[approved.contract_id, approved.number])
    before = as_person(colin).get(record).content.decode()
    frozen = approved.submissions.get().content
    new = replace(national, lena)
    values.withdraw(new, by=lena, why="That was wrong too")
    approved.refresh_from_db()
    terms = approved.terms.get()
    assert terms.proxy == national
    assert (terms.proxy.value_in(2026).value, terms.proxy.price_year) == (Decimal("16.5"), 2022)
    assert hash_of(content_of(approved)) == approved.content_hash
    assert approved.submissions.get().content == frozen
    after = as_person(colin).get(record).content.decode()
    assert "£16.50, range £15.00 to £18.00" in after
    assert _without_tokens(after) == _without_tokens(before)


def _without_tokens(page):
    return [line for line in page.splitlines() if "csrf" not in line and "nonce" not in line]


def test_the_next_set_carries_the_value_over_though_it_is_withdrawn_and_may_be_sent(
    draft, colin, dana, lena, national
):
    approved = approve(draft, colin, dana)
    replace(national, lena)
    following = verbs.start_set(approved.contract, by=colin)
    assert following.terms.get().proxy == national
    assert problems(following) == []
    verbs.change_kpi(following.terms.get(), by=colin, target=Decimal(240))
    following.refresh_from_db()
    assert verbs.submit(following, by=colin).status == "submitted"


def test_a_changed_value_is_a_difference_in_words(draft, colin, dana, lena, national):
    approved = approve(draft, colin, dana)
    new = replace(national, lena, "20.25")
    following = verbs.start_set(approved.contract, by=colin)
    verbs.take_usual_value(following.terms.get(), by=colin)
    following.refresh_from_db()
    assert following.terms.get().proxy == new
    [line] = in_sentences(following)
    assert "value of a unit £16.50 (2022 prices) to £20.25 (2024 prices)" in line
    verbs.change_kpi(following.terms.get(), by=colin, proxy=None)
    assert "value of a unit £16.50 (2022 prices) to no £ value" in in_sentences(following)[0]


def test_a_value_withdrawn_between_draft_and_sending_is_a_problem_to_mend(draft, colin, lena, national):
    values.withdraw(national, by=lena, why="Retracted")
    draft.refresh_from_db()
    with pytest.raises(Invalid, match="its £ value “A national value” was withdrawn"):
        verbs.submit(draft, by=colin)
    verbs.change_kpi(draft.terms.get(), by=colin, target=Decimal(60))  # It isn't in the way of other changes.
    verbs.change_kpi(draft.terms.get(), by=colin, proxy=None)
    draft.refresh_from_db()
    assert verbs.submit(draft, by=colin).status == "submitted"


def test_the_newer_value_is_told_and_taken_by_a_button(draft, colin, dana, lena, national, as_person):
    approved = approve(draft, colin, dana)
    new = replace(national, lena)
    page = as_person(colin).get(approved.get_absolute_url()).content.decode()
    assert "The library now has" in page
    assert "the one it was approved with" in page
    assert "Take the new one" not in page
    following = verbs.start_set(approved.contract, by=colin)
    client = as_person(colin)
    assert "Take the new one" in client.get(following.get_absolute_url()).content.decode()
    terms = following.terms.get()
    address = reverse("kpis:kpi-take-value", args=[following.contract_id, following.number, terms.pk])
    assert client.post(address, {}).status_code == 409
    assert client.post(address, {"version": following.version}).status_code == 302
    assert following.terms.get().proxy == new
    following.refresh_from_db()
    assert client.post(address, {"version": following.version}).status_code == 409


def test_with_no_newer_value_there_is_nothing_to_take(draft, colin):
    with pytest.raises(Stale):
        verbs.take_usual_value(draft.terms.get(), by=colin)


def test_the_form_offers_the_local_beside_the_national_or_none(
    draft, colin, hours, lena, national, as_person
):
    make_proxy(hours, lena, "18", name="Ours", is_local=True, geography="Calderbeck")
    terms, client = draft.terms.get(), as_person(colin)
    address = reverse("kpis:kpi-edit", args=[draft.contract_id, draft.number, terms.pk])
    page = client.get(address).content.decode()
    assert page.index("Ours: £18.00 (2022 prices)") < page.index("A national value: £16.50 (2022 prices)")
    assert "Calderbeck, worked out for this council’s own area" in page
    assert "No £ value" in page
    form = {"version": draft.version, "target": "120", "ends_month_0": "3", "ends_month_1": "2027"}
    client.post(address, form)
    assert draft.terms.get().proxy == national, "what isn't asked stays"
    draft.refresh_from_db()
    client.post(address, {**form, "version": draft.version, "proxy": "none"})
    assert draft.terms.get().proxy is None


def test_the_form_of_a_measure_without_values_asks_nothing(highways, colin, as_person):
    kpi_set = verbs.start_set(highways, by=colin)
    measure = Measure.objects.get(code="SV-20")
    address = reverse("kpis:kpi-add-measure", args=[highways.pk, kpi_set.number, measure.pk])
    assert "What is one unit worth?" not in as_person(colin).get(address).content.decode()


def test_set_decision_and_record_show_pounds_per_unit_with_source(draft, colin, dana, as_person):
    pages = [draft.get_absolute_url()]
    sent = verbs.submit(draft, by=colin)
    pages.append(reverse("kpis:kpi-set-decide", args=[sent.contract_id, sent.number]))
    for page in pages:
        shown = as_person(dana).get(page).content.decode()
        assert "£16.50 (2022 prices), range £15.00 to £18.00" in shown
        assert "A published study, table 3" in shown
    approvals.approve(sent, by=dana, content_hash=sent.content_hash)
    record = reverse("kpis:kpi-set-record", args=[sent.contract_id, sent.number])
    assert "A published study, table 3" in as_person(dana).get(record).content.decode()


def test_a_value_by_year_shows_the_years_the_kpi_runs(highways, colin):
    kpi_set = verbs.start_set(highways, by=colin)
    carbon = Measure.objects.get(code="SV-32")
    verbs.add_kpi(
        kpi_set,
        by=colin,
        measure=carbon,
        target=Decimal(12),
        starts_month=APRIL,
        ends_month=dt.date(2028, 3, 1),
    )
    [terms] = full_terms(kpi_set)
    assert per_unit(terms) == "£277.22 in 2026, £285.73 in 2028 (2022 prices)"


def test_a_value_no_longer_valid_is_not_taken_by_new_kpis(highways, colin, hours, lena):
    yesterday = today() - dt.timedelta(days=1)
    make_proxy(hours, lena, "9", valid_until=yesterday, name="Last year's")
    kpi_set = verbs.start_set(highways, by=colin)
    assert verbs.add_kpi(kpi_set, by=colin, measure=hours, target=Decimal(5)).proxy is None


def test_a_new_value_alone_asks_for_no_agreement_of_the_supplier(draft, colin, dana, lena, national):
    approved = approve(draft, colin, dana)
    replace(national, lena)
    following = verbs.start_set(approved.contract, by=colin)
    terms = verbs.take_usual_value(following.terms.get(), by=colin)
    assert not [words for words in read(following).warnings if "Promises change" in words]
    verbs.change_kpi(terms, by=colin, target=Decimal(60))
    assert [words for words in read(following).warnings if "Promises change" in words]


def test_a_set_begun_from_a_template_takes_the_usual_values(highways, colin, hours, national):
    template = KPITemplate.objects.create(name="Hours")
    TemplateItem.objects.create(template=template, measure=hours, position=1)
    kpi_set = start_from_template(highways, template, by=colin)
    assert kpi_set.terms.get().proxy == national


def test_a_withdrawn_value_of_a_draft_is_told_from_one_that_was_approved(
    draft, colin, lena, national, as_person
):
    values.withdraw(national, by=lena, why="Retracted")
    address = reverse("kpis:kpi-edit", args=[draft.contract_id, draft.number, draft.terms.get().pk])
    page = as_person(colin).get(address).content.decode()
    assert "No longer offered: choose another" in page
    assert "this KPI may keep it" not in page


def test_the_proposer_reads_which_measures_have_a_value_and_what_the_set_comes_to_before_sending(
    draft, colin, as_person
):
    client = as_person(colin)
    listed = client.get(reverse("kpis:kpi-add", args=[draft.contract_id, draft.number])).content.decode()
    assert listed.count("has a £ value") == Measure.objects.live().filter(proxies__is_usual=True).count()
    checked = client.get(reverse("kpis:kpi-set-check", args=[draft.contract_id, draft.number]))
    assert "What it is worth" in checked.content.decode()
