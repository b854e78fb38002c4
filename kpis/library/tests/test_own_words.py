"""Measures in a contract's own words: for that contract alone, seen by the lead, compared with nothing."""

import pytest
from django.urls import reverse

from accounts.models import HistoryRow
from accounts.verbs.recipe import Invalid, Refused, Stale
from contracts.models import Contract
from kpis.library import choosing, framework_verbs, own_words, verbs
from kpis.library.edition_verbs import begin_edition
from kpis.library.models import Framework, Measure, Unit

pytestmark = pytest.mark.django_db


def write(contract, by, **facts):
    given = {
        "title": "Benches repaired with reclaimed timber",
        "unit": Unit.objects.get(code="hours"),
        "counting_rule": "Count the hours worked on benches in the contract's parks.",
        "evidence_expected": "Timesheets",
        **facts,
    }
    return own_words.write_own(contract, by=by, **given)


def test_it_is_for_the_contract_it_was_written_for_and_for_no_other(highways, home_care, colin):
    measure = write(highways, colin)
    assert measure.code == f"OWN-{highways.pk}-1"
    assert measure in choosing.measures_for(highways)
    assert measure not in choosing.measures_for(home_care)
    assert not measure.can_be_priced
    assert measure.across == "none"
    row = HistoryRow.objects.get(action="library.write_own")
    assert (row.actor, row.contract_number) == (colin, highways.pk)


def test_the_numbers_go_on_and_are_the_contracts_own(highways, home_care, colin, oscar):
    write(highways, colin)
    assert write(highways, colin, title="Another").code == f"OWN-{highways.pk}-2"
    assert write(home_care, oscar).code == f"OWN-{home_care.pk}-1"
    assert Framework.objects.filter(key=own_words.KEY).count() == 1


def test_everything_missing_is_said_at_once(highways, colin):
    with pytest.raises(Invalid) as refusal:
        write(highways, colin, title=" ", unit=None, counting_rule="", evidence_expected="")
    assert {field for field, _ in refusal.value.errors} == {
        "title",
        "unit",
        "counting_rule",
        "evidence_expected",
    }
    write(highways, colin)
    with pytest.raises(Invalid) as refusal:
        write(highways, colin, title="benches repaired with RECLAIMED timber")
    assert "already" in str(refusal.value)


def test_a_percentage_is_a_level_with_both_its_parts(highways, colin):
    percent = Unit.objects.get(code="percent")
    with pytest.raises(Invalid):
        write(highways, colin, kind="percentage", unit=percent)
    measure = write(
        highways, colin, kind="percentage", unit=percent,
        numerator_name="benches mended", denominator_name="benches reported",
    )  # fmt: skip
    assert measure.roll_up == "average"


@pytest.mark.parametrize("who", ["oscar", "otto", "dana", "ewa", "sami", "nadia", "della"])
def test_nobody_else_may_write_for_it(request, highways, who):
    with pytest.raises(Refused):
        write(highways, request.getfixturevalue(who))


def test_only_who_sees_the_contract_or_keeps_the_library_sees_it(highways, colin, oscar, lena, as_person):
    measure = write(highways, colin)
    assert as_person(colin).get(measure.get_absolute_url()).status_code == 200
    assert as_person(oscar).get(measure.get_absolute_url()).status_code == 403
    client = as_person(lena)
    assert "Written for" in client.get(measure.get_absolute_url()).content.decode()
    library = reverse("kpis:library")
    assert measure.title not in client.get(library, {"q": "benches"}).content.decode()
    asked = {"framework": measure.framework_id}
    assert measure.title in client.get(library, asked).content.decode()
    assert measure.title not in as_person(oscar).get(library, asked).content.decode()


def test_the_lead_considers_them_beside_what_is_near_and_begins_one_like_it(highways, colin, lena, as_person):
    measure = write(highways, colin, title="Volunteer hours in parks")
    client = as_person(lena)
    page = client.get(reverse("kpis:own-words-list")).content.decode()
    assert measure.title in page
    assert "Volunteer hours given in working time" in page
    page = client.get(reverse("kpis:measure-add"), {"like": measure.pk}).content.decode()
    assert 'value="Volunteer hours in parks"' in page
    assert as_person(colin).get(reverse("kpis:own-words-list")).status_code == 403


def test_near_measures_are_found_by_what_their_titles_share():
    among = [
        Measure(code="A", title="Hours volunteered in schools", counting_rule="Count hours"),
        Measure(code="B", title="Weeks of apprenticeship worked", counting_rule="Count weeks"),
        Measure(code="C", title="School visits", counting_rule="Count the visits to schools"),
    ]
    assert [one.code for one in own_words.near("Visiting a school", among)] == ["C", "A"]
    assert [one.code for one in own_words.near("apprenticeships", among)] == ["B"]
    assert own_words.near("the total number of people", among) == []
    assert own_words.near("", among) == []


def test_its_edition_cannot_be_changed_copied_chosen_or_offered(highways, colin, lena, as_person):
    framework = write(highways, colin).framework
    with pytest.raises(Stale):
        framework_verbs.change_framework(framework, by=lena, offered="always")
    with pytest.raises(Stale):
        framework_verbs.retire(framework, by=lena)
    with pytest.raises(Stale):
        begin_edition(framework, by=lena, edition="2")
    page = as_person(colin).get(reverse("kpis:contract-frameworks", args=[highways.pk])).content.decode()
    assert framework.name not in page
    other = Framework.objects.exclude(pk=framework.pk).first()
    with pytest.raises(Invalid):
        framework_verbs.change_framework(other, by=lena, offered="never")


def test_the_lead_retires_it_in_favour_of_the_librarys_but_never_the_other_way(highways, colin, lena):
    measure, shared = write(highways, colin), Measure.objects.get(code="SV-25")
    with pytest.raises(Invalid):
        verbs.retire(shared, by=lena, replaced_by=measure)
    assert verbs.retire(measure, by=lena, replaced_by=shared).status == "retired"
    assert measure not in choosing.measures_for(highways)
    assert own_words.to_consider() == []


def test_the_list_to_consider_takes_the_same_number_of_queries_for_any_size(
    highways, colin, django_assert_num_queries
):
    for number in range(6):
        write(highways, colin, title=f"Bench {number}")
    assert Contract.objects.exists()
    with django_assert_num_queries(2):
        assert len(own_words.to_consider()) == 6
