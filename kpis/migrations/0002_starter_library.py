"""Once gave every install the starter library; 0008 does, which knows the columns a measure has now."""

from django.db import migrations


class Migration(migrations.Migration):
    """Empty: kept so that installs which ran it stay in step."""

    dependencies = [("kpis", "0001_first_kpis")]
    operations = []
