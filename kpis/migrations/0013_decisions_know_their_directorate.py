"""Decisions made before they named a directorate are given that of their contract."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    """Give every decision the directorate it was delegated in, else its contract's."""
    Decision = apps.get_model("kpis", "Decision")
    KPISet = apps.get_model("kpis", "KPISet")
    Delegation = apps.get_model("accounts", "Delegation")
    unsaid = Decision.objects.filter(directorate=None)
    of_delegation = Delegation.objects.filter(pk=OuterRef("delegation")).values("directorate")[:1]
    unsaid.exclude(delegation=None).update(directorate=Subquery(of_delegation))
    of_contract = KPISet.objects.filter(submissions=OuterRef("submission")).values("contract__directorate")[
        :1
    ]
    unsaid.update(directorate=Subquery(of_contract))


class Migration(migrations.Migration):
    """Fills a column; taking it back leaves it to the migration before."""

    dependencies = [("kpis", "0012_approvals_worth_the_name")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
