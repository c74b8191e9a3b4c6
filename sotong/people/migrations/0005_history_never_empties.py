"""Nobody empties a history, and nobody empties a tracked table past its row triggers."""

from django.db import migrations

TABLES = (
    "people_companyevent",
    "people_invitationevent",
    "people_personevent",
    "people_teamevent",
    "people_teammemberevent",
    "people_company",
    "people_invitation",
    "people_person",
    "people_team",
    "people_team_members",
)


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0004_history"),
    ]

    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER audit_never_empties BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();",
            reverse_sql=f"DROP TRIGGER audit_never_empties ON {table};",
        )
        for table in TABLES
    ]
