"""Gives every install the questions of the social value checklist to begin with."""

from django.db import migrations


def load(apps, schema_editor):
    from contracts.stages import defaults

    defaults.load(apps)


class Migration(migrations.Migration):
    dependencies = [("contracts", "0003_bands_tiers_and_rules")]
    # Going back removes nothing here: 0002 takes the tables away.
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
