"""Posts given and ended."""

import datetime as dt

import pytest

from accounts.calendar import today
from accounts.models import Appointment, HistoryRow, Person, Role
from accounts.verbs import appointments
from accounts.verbs.recipe import Invalid, Refused, Stale
from conftest import LONG_AGO, make_person

DAY = dt.timedelta(days=1)


def add(person, by, role=Role.LEAD, **more):
    return appointments.add(person, by=by, role=role, **{"starts_on": LONG_AGO, **more})


def again(person):
    return Person.objects.get(pk=person.pk)


def test_a_post_is_given_by_a_form_with_history(as_person, adam, nadia, neighbourhoods):
    day = today()
    data = {
        "role": "executive_member",
        "directorate": neighbourhoods.pk,
        "starts_on_0": day.day,
        "starts_on_1": day.month,
        "starts_on_2": day.year,
        "reports_yearly": "on",
    }
    as_person(adam).post(f"/people/{nadia.pk}/appointments/new/", data)
    appointment = Appointment.objects.get(person=nadia)
    assert appointment.reports_yearly
    assert appointment.made_by == adam
    assert again(nadia).authority.portfolio == {neighbourhoods.pk}
    row = HistoryRow.objects.of(nadia).get()
    assert row.summary == "Nadia Cole appointed as Executive member, Neighbourhoods"
    assert row.after["To"] == "no end date"


def test_a_directorate_given_to_a_role_without_one_is_left_out(adam, nadia, neighbourhoods):
    assert add(nadia, adam, directorate=neighbourhoods).directorate is None


def test_both_dates_count(adam, nadia):
    add(nadia, adam, starts_on=today() - DAY, ends_on=today())
    assert again(nadia).authority.is_lead


@pytest.mark.parametrize(
    ("starts", "ends", "clashes"),
    [
        (dt.date(2026, 1, 1), dt.date(2026, 6, 30), True),
        (dt.date(2025, 1, 1), dt.date(2026, 1, 1), True),
        (dt.date(2026, 12, 31), None, True),
        (dt.date(2025, 1, 1), None, True),
        (dt.date(2027, 1, 1), None, False),
        (dt.date(2025, 1, 1), dt.date(2025, 12, 31), False),
    ],
)
def test_the_same_post_is_not_held_twice_at_a_time(adam, nadia, starts, ends, clashes):
    add(nadia, adam, starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 12, 31))
    if clashes:
        with pytest.raises(
            Invalid, match="is already Social value lead from 1 January 2026 to 31 December 2026"
        ):
            add(nadia, adam, starts_on=starts, ends_on=ends)
    else:
        add(nadia, adam, starts_on=starts, ends_on=ends)


def test_the_same_role_in_another_directorate_is_another_post(adam, colin, adults):
    add(colin, adam, role=Role.COMMISSIONER, directorate=adults)
    assert len(again(colin).authority.commissions) == 2


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"role": Role.DIRECTOR}, "Select the directorate"),
        (
            {"starts_on": dt.date(2026, 2, 1), "ends_on": dt.date(2026, 1, 1)},
            "The last day must be the same as or after",
        ),
    ],
)
def test_what_can_not_be_is_refused_with_a_sentence(adam, nadia, facts, sentence):
    with pytest.raises(Invalid, match=sentence):
        add(nadia, adam, **facts)


def test_no_post_in_a_closed_directorate_or_for_a_leaver(adam, nadia, neighbourhoods):
    neighbourhoods.is_active = False
    neighbourhoods.save()
    with pytest.raises(Invalid, match="Neighbourhoods is closed"):
        add(nadia, adam, role=Role.DIRECTOR, directorate=neighbourhoods)
    Person.objects.filter(pk=nadia.pk).update(is_active=False)
    with pytest.raises(Invalid, match="deactivated"):
        add(nadia, adam)


def test_nobody_appoints_themselves(as_person, adam):
    with pytest.raises(Refused, match="You can't change your own appointments"):
        add(adam, adam)
    assert as_person(adam).get(f"/people/{adam.pk}/appointments/new/").status_code == 403


@pytest.mark.parametrize("who", ["lena", "dana", "colin", "nadia"])
def test_only_administrators_appoint(cast, as_person, who):
    with pytest.raises(Refused):
        add(cast["priya"], cast[who])
    assert as_person(cast[who]).post(f"/people/{cast['priya'].pk}/appointments/new/").status_code == 403


def test_a_post_ends_on_the_day_given_with_history(as_person, adam, dana, della):
    post = dana.appointments.get()
    day = today() - DAY
    data = {"ends_on_0": day.day, "ends_on_1": day.month, "ends_on_2": day.year, "note": "Retired"}
    page = as_person(adam).get(f"/appointments/{post.pk}/end/").content.decode()
    assert "Delegations Dana Okafor gave fall with this post" in page
    as_person(adam).post(f"/appointments/{post.pk}/end/", data)
    assert not again(dana).authority.directs
    assert not again(della).authority.delegations
    row = HistoryRow.objects.of(dana).get()
    assert (row.action, row.note) == ("appointments.end", "Retired")


def test_a_last_day_long_past_is_refused_on_the_form(as_person, adam, dana):
    post = dana.appointments.get()
    data = {"ends_on_0": "1", "ends_on_1": "5", "ends_on_2": "2021"}
    page = as_person(adam).post(f"/appointments/{post.pk}/end/", data).content.decode()
    assert "The last day must be yesterday or later" in page
    post.refresh_from_db()
    assert post.ends_on is None


def test_what_has_ended_can_not_be_ended_again(adam, dana):
    post = dana.appointments.get()
    Appointment.objects.filter(pk=post.pk).update(ends_on=dt.date(2021, 1, 1))
    with pytest.raises(Stale, match="already ended on 1 January 2021"):
        appointments.end(post, by=adam, ends_on=today())


def test_the_last_administrator_stays(adam):
    ava = make_person("Ava Stone", Role.ADMINISTRATOR)
    appointments.end(adam.appointments.get(), by=ava, ends_on=today() - DAY)
    other = make_person("Ben Stone", Role.ADMINISTRATOR)
    appointments.end(other.appointments.get(), by=ava, ends_on=today() + 5 * DAY)
    with pytest.raises(Invalid, match="Ava Stone is the last administrator"):
        appointments.end(ava.appointments.get(), by=again(other), ends_on=today() + 9 * DAY)


def test_a_slip_is_taken_back_and_stays_in_history(as_person, adam, nadia):
    post = add(nadia, adam, starts_on=today())
    as_person(adam).post(f"/appointments/{post.pk}/cancel/")
    assert not Appointment.objects.filter(pk=post.pk).exists()
    assert HistoryRow.objects.of(nadia).first().action == "appointments.cancel"


def test_what_was_held_before_today_is_not_taken_back(as_person, adam, dana):
    assert as_person(adam).post(f"/appointments/{dana.appointments.get().pk}/cancel/").status_code == 409
