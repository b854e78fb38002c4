"""Let the database itself refuse a change to history, whoever asks."""

from django.db import migrations

POSTGRESQL = [
    """
    CREATE FUNCTION accounts_refuse_history_change() RETURNS trigger AS $$
    BEGIN RAISE EXCEPTION 'History is added to, never changed or removed.'; END;
    $$ LANGUAGE plpgsql
    """,
    """
    CREATE TRIGGER accounts_history_append_only BEFORE UPDATE OR DELETE ON accounts_historyrow
    FOR EACH ROW EXECUTE FUNCTION accounts_refuse_history_change()
    """,
]
POSTGRESQL_BACK = [
    "DROP TRIGGER accounts_history_append_only ON accounts_historyrow",
    "DROP FUNCTION accounts_refuse_history_change()",
]
SQLITE = [
    """
    CREATE TRIGGER accounts_history_no_update BEFORE UPDATE ON accounts_historyrow
    BEGIN SELECT RAISE(ABORT, 'History is added to, never changed or removed.'); END
    """,
    """
    CREATE TRIGGER accounts_history_no_delete BEFORE DELETE ON accounts_historyrow
    BEGIN SELECT RAISE(ABORT, 'History is added to, never changed or removed.'); END
    """,
]
SQLITE_BACK = ["DROP TRIGGER accounts_history_no_update", "DROP TRIGGER accounts_history_no_delete"]


def _run(schema_editor, postgresql, sqlite):
    statements = postgresql if schema_editor.connection.vendor == "postgresql" else sqlite
    for statement in statements:
        schema_editor.execute(statement)


def add_triggers(apps, schema_editor):
    """Create the triggers that refuse UPDATE and DELETE."""
    _run(schema_editor, POSTGRESQL, SQLITE)


def remove_triggers(apps, schema_editor):
    """Take the triggers away again."""
    _run(schema_editor, POSTGRESQL_BACK, SQLITE_BACK)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_first_accounts")]
    operations = [migrations.RunPython(add_triggers, remove_triggers)]
