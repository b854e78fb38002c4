"""Gives every install the starter library; going back removes what nobody used."""

from django.db import migrations
from django.db.models.deletion import ProtectedError


def load(apps, schema_editor):
    from kpis.library import starter

    starter.load(apps)


def unload(apps, schema_editor):
    from kpis.library import starter_measures as words

    Measure = apps.get_model("kpis", "Measure")
    used = apps.get_model("kpis", "KPI").objects.values("measure")
    for measure in Measure.objects.filter(code__in=[row["code"] for row in words.MEASURES]).exclude(
        pk__in=used
    ):
        measure.delete()
    for model, field, codes in [
        ("Outcome", "theme__code", [row[0] for row in words.THEMES]),
        ("Theme", "code", [row[0] for row in words.THEMES]),
        ("Framework", "name", ["Starter measures"]),
        ("Cohort", "code", [row[0] for row in words.COHORTS]),
        ("Unit", "code", [row[0] for row in words.UNITS]),
    ]:
        for row in apps.get_model("kpis", model).objects.filter(**{f"{field}__in": codes}):
            try:
                row.delete()
            except ProtectedError:
                continue


class Migration(migrations.Migration):
    dependencies = [("kpis", "0001_first_kpis")]
    operations = [migrations.RunPython(load, unload)]
