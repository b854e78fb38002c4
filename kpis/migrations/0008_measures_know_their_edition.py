"""Gives each measure the framework of its theme, and the starter set its key."""

from django.db import migrations


def say_which_edition(apps, schema_editor):
    Framework, Measure = apps.get_model("kpis", "Framework"), apps.get_model("kpis", "Measure")
    for framework in Framework.objects.all():
        Measure.objects.filter(theme__framework=framework, framework=None).update(framework=framework)
    Framework.objects.filter(name="Starter measures", edition="First edition", key="").update(
        key="starter-measures", offered="always"
    )


class Migration(migrations.Migration):
    """On its own: PostgreSQL changes no table whose rows were changed in the same transaction."""

    dependencies = [("kpis", "0007_library_editions_and_proxies")]
    operations = [migrations.RunPython(say_which_edition, migrations.RunPython.noop)]
