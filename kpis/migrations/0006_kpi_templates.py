"""Gives every install ready KPI sets to begin a proposal with; going back removes them."""

from django.db import migrations


def load(apps, schema_editor):
    from kpis.library import starter_templates

    starter_templates.load(apps)


def unload(apps, schema_editor):
    apps.get_model("kpis", "KPITemplate").objects.exclude(key="").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("kpis", "0005_break_point_reminders"),
        ("contracts", "0003_bands_tiers_and_rules"),
    ]
    operations = [migrations.RunPython(load, unload)]
