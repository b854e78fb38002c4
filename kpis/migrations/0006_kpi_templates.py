"""Once gave every install ready KPI sets; 0008 does, after the measures they are made of."""

from django.db import migrations


class Migration(migrations.Migration):
    """Empty: kept so that installs which ran it stay in step."""

    dependencies = [
        ("kpis", "0005_break_point_reminders"),
        ("contracts", "0003_bands_tiers_and_rules"),
    ]
    operations = []
