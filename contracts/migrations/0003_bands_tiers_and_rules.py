"""Gives every install value bands, tiers and proportionate rules to begin with."""

from django.db import migrations


def load(apps, schema_editor):
    from contracts.rules import defaults

    defaults.load(apps)


class Migration(migrations.Migration):
    dependencies = [("contracts", "0002_the_registers_life")]
    # Going back removes nothing here: 0002 takes the tables away.
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
