"""Let departments close, as directorates do."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_history_is_append_only")]
    operations = [
        migrations.AddField(
            model_name="department", name="is_active", field=models.BooleanField(default=True)
        )
    ]
