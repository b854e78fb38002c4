"""One KPI walked through all the people, on a contract from an imported register, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from accounts.calendar import add_months, first_of_month, today
from contracts.models import Contract
from kpis.models import KPISet, MonthlyReturn, TotalRow
from kpis.returns import verbs as returns
from kpis.totals import verbs as totals
from socialvalue.celery import app

pytestmark = pytest.mark.browser


@pytest.fixture
def worker_in_this_process():
    """Let tasks run where they are sent: the worker itself has tests of its own."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def a_register(tmp_path):
    """Return a register as a council would publish it: title rows, brackets, lots of one reference."""
    begun = f"{add_months(first_of_month(today()), -5):%d/%m/%Y}"
    text = (
        "Calderbeck Council contracts register,,,,,,\n"
        ",,,,,,\n"
        "Reference number,Title of agreement,Department,Supplier name,Start date,End date,Contract value\n"
        f'CB1,"Bus shelters, lot 1",NEIGHBOURHOODS,Glass and Steel Ltd,{begun},31-Mar-2031,"£120,000"\n'
        f'CB1,"Bus shelters, lot 2",NEIGHBOURHOODS,Glass and Steel Ltd,{begun},31-Mar-2031,"£80,000"\n'
        "CB2,Returned deposits,NEIGHBOURHOODS,Signs Ltd,01/04/2024,,(£500.00)\n"
    )
    path = tmp_path / "register.csv"
    path.write_bytes(text.encode("cp1252"))
    return path


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without-javascript"])
def test_one_kpi_from_the_register_to_the_dashboard(
    javascript, visit, worker_in_this_process, tmp_path, neighbourhoods, adam, colin, priya, dana, lena, sami
):
    # The administrator imports the register.
    visitor = visit(adam, javascript=javascript)
    page = visitor.page
    visitor.open("/contracts/imports/")
    visitor.check()
    visitor.press("Import a register")
    visitor.check()
    page.set_input_files("input[type=file]", a_register(tmp_path))
    visitor.press("Upload")
    visitor.check()
    visitor.press("Continue")
    visitor.check()
    visitor.press("Continue")
    visitor.check()
    visitor.press("Check every row")
    visitor.check()
    visitor.press("Apply")
    visitor.check()
    lots = Contract.objects.filter(reference="CB1").order_by("title")
    assert [str(lot.value) for lot in lots] == ["120000.00", "80000.00"]
    assert str(Contract.objects.get(reference="CB2").value) == "-500.00"
    contract = lots[0]
    assert contract.directorate == neighbourhoods

    # The commissioner says who manages it, then proposes one KPI.
    visitor = visit(colin, javascript=javascript)
    page = visitor.page
    visitor.open("/contracts/?q=shelters")
    visitor.check()
    for lot in lots:
        page.get_by_label(re.compile(re.escape(lot.title))).check()
    visitor.press("Name people for the selected contracts")
    visitor.check()
    page.get_by_label("Contract manager", exact=True).select_option(label=priya.full_name)
    visitor.press("Save these people")
    visitor.check()
    contract.refresh_from_db()
    assert contract.manager == priya

    visitor.open(f"/contracts/{contract.pk}/kpi-sets/new/")
    visitor.check()
    visitor.press("Start the KPI set")
    visitor.check()
    visitor.press("Add a KPI")
    visitor.check()
    page.get_by_role("searchbox").or_(page.get_by_label("Search", exact=False)).last.fill(
        "apprenticeship worked"
    )
    visitor.follow(page.get_by_role("button", name="Search").last)
    visitor.check()
    visitor.follow(page.get_by_role("link", name=re.compile("Weeks of apprenticeship")).first)
    visitor.check()
    visitor.press("Add to the set")
    expect(page.get_by_text("There is a problem")).to_be_visible()
    visitor.check("the KPI form with its errors")
    page.get_by_label(re.compile("^Target")).first.fill("480")
    visitor.press("Add to the set")
    visitor.check()
    kpi_set = KPISet.objects.get(contract=contract)
    # It is to hold from two months ago: nothing has been reported since.
    month = add_months(first_of_month(today()), -2)
    visitor.open(f"/contracts/{contract.pk}/kpi-sets/{kpi_set.number}/about/")
    visitor.check()
    page.locator("[name=effective_month_0]").fill(str(month.month))
    page.locator("[name=effective_month_1]").fill(str(month.year))
    visitor.press("Save")
    visitor.check()
    visitor.press("Check and send for approval")
    visitor.check()
    visitor.press("Send for approval to Dana Okafor")
    visitor.check()

    # The Strategic Director approves it on her phone.
    visitor = visit(dana, width=320, javascript=javascript)
    page = visitor.page
    visitor.open("/")
    visitor.check()
    visitor.open(f"/contracts/{contract.pk}/kpi-sets/{kpi_set.number}/decide/")
    visitor.check()
    visitor.press("Approve")
    visitor.check()
    kpi_set.refresh_from_db()
    assert kpi_set.status == KPISet.Status.APPROVED

    # The clock opens the months that are due; the contract manager fills in the return.
    assert kpi_set.effective_month == month
    returns.open_due_months()
    slug = f"{month:%Y-%m}"
    monthly_return = MonthlyReturn.objects.get(contract=contract, month=month)
    visitor = visit(priya, javascript=javascript)
    page = visitor.page
    visitor.open("/")
    visitor.check()
    visitor.open(f"/contracts/{contract.pk}/returns/{slug}/")
    visitor.check()
    visitor.follow(page.get_by_role("link", name=re.compile("Weeks of apprenticeship")).first)
    visitor.check()
    page.get_by_label("A figure", exact=True).check()
    page.locator("input[name=value]").fill("about ten")
    visitor.press("Save and finish")
    expect(page.get_by_text("There is a problem")).to_be_visible()
    expect(page.locator("input[name=value]")).to_have_value("about ten")
    visitor.check("the reading with its errors")
    page.locator("input[name=value]").fill("11.5")
    page.get_by_label(re.compile("^Comment")).fill("Two apprentices, all month.")
    visitor.press("Save and finish")
    visitor.check()
    visitor.press("Check and submit")
    visitor.check()
    visitor.press("Submit")
    expect(page.get_by_text("There is a problem")).to_be_visible()
    visitor.check("check answers with its errors")
    for box in page.get_by_role("checkbox").all():
        box.check()
    visitor.press("Submit")
    visitor.check()
    monthly_return.refresh_from_db()
    assert monthly_return.status == MonthlyReturn.Status.SUBMITTED

    # The lead verifies.
    visitor = visit(lena, javascript=javascript)
    page = visitor.page
    visitor.open("/verification/")
    visitor.check()
    visitor.open(f"/contracts/{contract.pk}/returns/{slug}/verify/")
    visitor.check()
    visitor.press("Verify this return")
    visitor.check()
    monthly_return.refresh_from_db()
    assert monthly_return.status == MonthlyReturn.Status.VERIFIED

    # A scrutiny member finds the figure on the dashboard and is at its entry in three clicks.
    total = TotalRow.objects.get(month=month, measure__code="SV-09")
    assert (str(total.reported), str(total.verified)) == ("11.5000", "11.5000")
    assert totals.check() == []
    visitor = visit(sami, javascript=javascript)
    page = visitor.page
    visitor.open(f"/reports/directorates/neighbourhoods/{slug}/")
    visitor.check()
    visitor.follow(page.get_by_role("link", name="Weeks of apprenticeship worked").first)
    visitor.check()
    expect(page.get_by_text("11.5").first).to_be_visible()
    visitor.follow(page.get_by_role("link", name=contract.title).first)
    visitor.check()
