"""A small council at work: one of everything an address can name, made by the verbs themselves."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import letters
from accounts.calendar import add_months, first_of_month, today
from accounts.models import Appointment, Delegation, Person
from accounts.verbs import people as people_verbs
from accounts.verbs import posts as post_verbs
from conftest import make_contract
from contracts.breaks import verbs as breaks
from contracts.models import ChecklistQuestion, ContractTier, ProportionateRule, ValueBand
from contracts.notices import verbs as published
from contracts.notices.tests.files import package, release
from contracts.offers import funds
from contracts.offers import verbs as offers
from contracts.register import verbs as register
from contracts.stages import statements
from contracts.stages import verbs as stages
from contracts.suppliers import merging as suppliers
from contracts.suppliers.finding import find_or_make
from kpis.adoption import verbs as adoption
from kpis.adoption.models import AdoptionPart
from kpis.approvals import challenges
from kpis.approvals import verbs as approvals
from kpis.gaps import verbs as gaps
from kpis.library.models import CouncilPriority, KPITemplate, Measure, Theme
from kpis.lifecycle import verbs as lifecycle
from kpis.measure_imports import verbs as measure_imports
from kpis.models import KPISet, MonthlyReturn
from kpis.notices import verbs as notices
from kpis.practice import guidance_verbs
from kpis.practice import verbs as practice
from kpis.proposals import verbs as proposals
from kpis.returns import verbs as returns
from kpis.verification import verbs as verification

SIGNED = b"Contract ref,Contract title,KPI,Unit,Target\n%s,%s,Apprenticeship weeks,weeks,40\n"
MEASURES = b"Ref,Measure,Unit\nC1,Locks mended,locks\n"
REGISTER = (
    b"Reference number,Title of agreement,Department,Supplier name,Start date,End date,Contract value\n"
    b'X1,Bus shelters,NEIGHBOURHOODS,Glass and Steel Ltd,01/04/2026,31/03/2029,"120,000"\n'
    b"X2,Bus stop flags,Somewhere else,Signs Ltd,01/04/2026,31/03/2029,(500)\n"
)


def propose(contract, by, *promises, from_month):
    """Return a draft set with these (code, target) promises."""
    kpi_set = proposals.start_set(contract, by=by)
    proposals.describe(kpi_set, by=by, effective_month=from_month, why="As tendered.")
    for code, target in promises:
        proposals.add_kpi(
            kpi_set,
            by=by,
            measure=Measure.objects.get(code=code),
            target=Decimal(target),
            ends_month=dt.date(2029, 3, 1),
        )
    return KPISet.objects.get(pk=kpi_set.pk)


def send(kpi_set, by):
    """Return the set as sent for approval."""
    proposals.submit(kpi_set, by=by)
    return KPISet.objects.get(pk=kpi_set.pk)


def approve(kpi_set, by):
    """Return the set as approved."""
    approvals.approve(kpi_set, by=by, content_hash=kpi_set.content_hash)
    return KPISet.objects.get(pk=kpi_set.pk)


def fill_in(monthly_return, by, amount="12"):
    """Save a figure for every KPI of the return."""
    for reading in monthly_return.readings.select_related("measure"):
        figures = (
            {"numerator": Decimal(9), "denominator": Decimal(10)}
            if reading.measure.is_percentage
            else {"value": Decimal(amount)}
        )
        returns.save_reading(reading, by=by, comment="Checked at the meeting.", **figures)


@pytest.fixture
def world(cast, neighbourhoods, adults, highways, home_care, unmapped, settings):
    """Return the council: `months` back from now, returns in each state, sets in each state, and the rest."""
    who = SimpleNamespace(**cast)
    settings.ONWARD_DELEGATION = True
    this = first_of_month(today())
    first, second, third = (add_months(this, -back) for back in (3, 2, 1))
    in_force = approve(
        send(propose(highways, who.colin, ("SV-09", "480"), ("SV-03", "6"), from_month=first), who.colin),
        who.dana,
    )
    for month in (first, second, third):
        returns.open_month(month)
    verified, submitted, open_one = (
        MonthlyReturn.objects.get(contract=highways, month=month) for month in (first, second, third)
    )
    for one in (verified, submitted):
        fill_in(one, who.priya)
    evidence = returns.add_evidence(
        submitted,
        by=who.priya,
        file=SimpleUploadedFile("starters.csv", b"week,count\n1,3\n", content_type="text/csv"),
        kind="starters",
        readings=list(submitted.readings.all()),
        is_restricted=True,
        restricted_reason="Few people",
    )
    for one in (verified, submitted):
        returns.submit(
            MonthlyReturn.objects.get(pk=one.pk), by=who.priya, confirmations=set(returns.CONFIRMATIONS)
        )
    verification.verify(MonthlyReturn.objects.get(pk=verified.pk), by=who.lena)

    parks = make_contract("Grounds maintenance", neighbourhoods, manager=who.priya, commissioner=who.colin)
    pending = send(propose(parks, who.colin, ("SV-25", "400"), from_month=this), who.colin)
    waste = make_contract("Household waste", neighbourhoods, manager=who.priya, commissioner=who.colin)
    draft = propose(waste, who.colin, ("SV-25", "200"), from_month=this)
    crossings = make_contract("School crossings", neighbourhoods, manager=who.priya, commissioner=who.colin)
    question_asked = challenges.challenge(
        send(propose(crossings, who.colin, ("SV-25", "300"), from_month=this), who.colin),
        by=who.lena,
        comment="Which schools?",
    )
    bare = make_contract("Tree works", neighbourhoods, manager=who.priya, commissioner=who.colin)

    question = ChecklistQuestion.objects.get(key="pre-priorities")
    stages.answer(highways, [stages.Given(question, words="Work for care leavers.")], by=who.colin)
    statements.keep(highways, by=who.colin, introduction="What matters to us.")

    stock_take = gaps.start(neighbourhoods, by=who.dana)
    break_point = breaks.add(
        highways, by=who.colin, kind="break", on=dt.date(2028, 4, 1), could_ask="Two places"
    )
    notice = notices.draw_up(highways, by=who.colin, kind="UK7", picks=[], why_none="Not decided yet.")

    fund = funds.add_fund(by=who.lena, name="Neighbourhood fund")
    offer = offers.add(
        highways, by=who.priya, kind="cash", description="For the hall", amount=Decimal(500), fund=fund
    )

    suspension = lifecycle.suspend(
        highways, by=who.priya, from_month=dt.date(2028, 12, 1), to_month=dt.date(2029, 1, 1), reason="Works"
    )
    letters.write("digest" if "digest" in letters.KINDS else next(iter(letters.KINDS)), to=who.priya)
    invited = people_verbs.invite(
        by=who.adam,
        full_name="Ivy Newell",
        email="ivy.newell@calderbeck.example",
        role="contract_manager",
        directorate=None,
        starts_on=today(),
    )
    merge = suppliers.merge(
        find_or_make("Fellside Works Ltd"), find_or_make("Fellside Roads"), by=who.lena, reason="Renamed"
    )
    notice_import = published.start(package(release()), by=who.adam, name="notices.json")
    published.set_buyers(notice_import, by=who.adam, keys=["calderbeckcouncil"])
    published.check(notice_import, by=who.adam)
    measure_import = measure_imports.start(
        SimpleUploadedFile("measures.csv", MEASURES), by=who.adam, name="measures.csv"
    )
    lighting = make_contract("Street lighting", neighbourhoods, reference="NB-77", manager=who.priya)
    signed = adoption.start(
        SimpleUploadedFile("signed.csv", SIGNED % (b"NB-77", b"")), by=who.adam, name="signed.csv"
    )
    signed = adoption.begin_applying(adoption.begin_checking(signed, by=who.adam), by=who.adam)
    adoption.carry_on(signed.pk)
    adoption_part = AdoptionPart.objects.get(adoption_import=signed)
    # Its title alone names no contract for certain: a question is left.
    adoption_import = adoption.begin_checking(
        adoption.start(
            SimpleUploadedFile("more.csv", SIGNED % (b"", b"Tree works")), by=who.adam, name="more.csv"
        ),
        by=who.adam,
    )
    practice_note = practice.write(
        by=who.colin,
        title="Ask early",
        text="Before the tender.",
        measure=Measure.objects.get(code="SV-09"),
        contract=highways,
    )
    guidance = guidance_verbs.publish(
        guidance_verbs.add_page(by=who.lena, title="Agreeing KPIs", body="Ask early."), by=who.lena
    )
    excepted = make_contract("Bus shelters", neighbourhoods, manager=who.priya, commissioner=who.colin)
    exception = proposals.propose_exception(
        excepted,
        by=who.colin,
        reason="small",
        why="Two visits a year.",
        review_on=today() + dt.timedelta(days=300),
    )
    imported = register.start(SimpleUploadedFile("register.csv", REGISTER), by=who.adam, name="register.csv")
    return SimpleNamespace(
        who=who,
        cast=cast,
        highways=highways,
        home_care=home_care,
        unmapped=unmapped,
        parks=parks,
        waste=waste,
        bare=bare,
        stock_take=stock_take,
        break_point=break_point,
        notice=notice,
        merge=merge,
        in_force=in_force,
        pending=pending,
        draft=draft,
        excepted=excepted,
        exception=exception,
        verified=verified,
        submitted=submitted,
        open=open_one,
        evidence=evidence,
        invited=invited,
        imported=imported,
        notice_import=notice_import,
        measure_import=measure_import,
        lighting=lighting,
        adoption_import=adoption_import,
        adoption_part=adoption_part,
        adoption_line=adoption_part.lines.get(),
        delegation=Delegation.objects.get(),
        holding=post_verbs.place(
            post_verbs.add_post(by=who.adam, title="Head of Parks", directorate=neighbourhoods),
            invited,
            by=who.adam,
            starts_on=today(),
        ),
        appointment=Appointment.objects.get(person=who.oscar),
        directorate=neighbourhoods,
        department=neighbourhoods.departments.get(),
        person=Person.objects.get(pk=who.oscar.pk),
        kpi=verified.readings.first().kpi,
        question=question,
        question_asked=question_asked,
        rule=ProportionateRule.objects.get(key="every-other"),
        band=ValueBand.objects.get(at_least=0),
        tier=ContractTier.objects.get(name="Gold"),
        fund=fund,
        offer=offer,
        suspension=suspension,
        practice_note=practice_note,
        guidance=guidance,
        template=KPITemplate.objects.get(key="care-services"),
        theme=Theme.objects.filter(framework__key="starter-measures").first(),
        priority=CouncilPriority.objects.create(title="A fair town"),
        letter=who.priya.letters.order_by("pk").first(),
        month=f"{third:%Y-%m}",
    )
