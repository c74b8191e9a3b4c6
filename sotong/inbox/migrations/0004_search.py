# A search asks the index several times; a list of postings not yet merged would be read through each time.
import django.contrib.postgres.indexes
from django.db import migrations

# What the index says of a message follows the message, whoever changes it and however.
FOLLOW = """
CREATE FUNCTION inbox_message_unindex() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.indexed_at = NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER inbox_message_unindex BEFORE UPDATE OF text, posted_at, deleted_at, conversation_id ON inbox_message
    FOR EACH ROW
    WHEN ((OLD.text, OLD.posted_at, OLD.deleted_at, OLD.conversation_id)
        IS DISTINCT FROM (NEW.text, NEW.posted_at, NEW.deleted_at, NEW.conversation_id))
    EXECUTE FUNCTION inbox_message_unindex();
CREATE FUNCTION inbox_conversation_unindex() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE inbox_message SET indexed_at = NULL WHERE conversation_id = NEW.id AND indexed_at IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER inbox_conversation_unindex AFTER UPDATE OF channel_id, also_channels ON inbox_conversation
    FOR EACH ROW
    WHEN ((OLD.channel_id, OLD.also_channels) IS DISTINCT FROM (NEW.channel_id, NEW.also_channels))
    EXECUTE FUNCTION inbox_conversation_unindex();
"""
REST = """
DROP TRIGGER inbox_conversation_unindex ON inbox_conversation;
DROP FUNCTION inbox_conversation_unindex();
DROP TRIGGER inbox_message_unindex ON inbox_message;
DROP FUNCTION inbox_message_unindex();
"""


class Migration(migrations.Migration):
    dependencies = [("inbox", "0003_media_tries")]

    operations = [
        migrations.RemoveIndex(model_name="message", name="inbox_message_search"),
        migrations.AddIndex(
            model_name="message",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["search"], name="inbox_message_search"
            ),
        ),
        migrations.RunSQL(FOLLOW, REST),
    ]
