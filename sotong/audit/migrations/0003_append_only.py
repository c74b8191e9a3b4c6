"""Entries and seals are only ever added: the database itself refuses the rest, whoever asks."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END;
$$;
"""

TRIGGERS = """
CREATE TRIGGER audit_only_adds BEFORE UPDATE OR DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_never_empties BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""

UNDO = """
DROP TRIGGER audit_only_adds ON {table};
DROP TRIGGER audit_never_empties ON {table};
"""


class Migration(migrations.Migration):

    dependencies = [
        ("audit", "0002_seals"),
    ]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION audit_refuse();"),
        migrations.RunSQL(TRIGGERS.format(table="audit_entry"), UNDO.format(table="audit_entry")),
        migrations.RunSQL(TRIGGERS.format(table="audit_seal"), UNDO.format(table="audit_seal")),
    ]
