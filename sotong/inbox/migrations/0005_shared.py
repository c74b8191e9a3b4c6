# With what the list's filters ask for in the index itself, the planner reads it alone. Before, a list of what nobody
# has taken in one channel met it with the index of all that nobody has taken, in every channel.
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inbox", "0004_search")]

    operations = [
        migrations.RemoveIndex(model_name="conversation", name="inbox_list_shared"),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                models.F("shelf"),
                models.OrderBy(models.F("last_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("also_channels", []), _negated=True),
                include=(
                    "also_channels",
                    "channel",
                    "is_direct",
                    "state",
                    "claimed_by",
                    "assigned_to",
                    "snoozed_until",
                ),
                name="inbox_list_shared",
            ),
        ),
    ]
