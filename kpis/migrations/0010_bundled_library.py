"""Gives every install the bundled frameworks, measures, proxies, deflators and templates as they stand."""

from django.db import migrations


def load(apps, schema_editor):
    from kpis.library import bundled, starter_templates
    from kpis.proxies import bundled as values

    bundled.load(apps)
    values.load(apps)
    starter_templates.load(apps)


def unload(apps, schema_editor):
    """Take away what nobody used; the rest stays, as it stood."""
    from kpis.library import bundled
    from kpis.proxies import bundled as values

    apps.get_model("kpis", "KPITemplate").objects.exclude(key="").filter(kpi_sets=None).delete()
    values.unload(apps)
    bundled.unload(apps)


class Migration(migrations.Migration):
    """Fills the lists that 0002 and 0006 began: their loaders need the columns of 0007."""

    dependencies = [("kpis", "0009_measures_have_an_edition")]
    operations = [migrations.RunPython(load, unload)]
