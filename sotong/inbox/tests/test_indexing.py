"""The indexer among others that write messages: it waits for nobody, so that it cannot stand in a ring of waiters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection

from sotong.channels.models import Channel
from sotong.inbox.actions.indexing import index_messages
from sotong.inbox.models import Conversation, Message


@pytest.mark.django_db(transaction=True)
def test_a_message_that_someone_is_changing_is_left_for_the_next_batch(
    care: Channel, say: Callable[..., Conversation]
) -> None:
    say(care, "먼저 온 말")
    say(care, "나중에 온 말")
    busy, _ = Message.objects.order_by("pk")
    with psycopg.connect(**connection.get_connection_params()) as other, connection.cursor() as cursor:
        other.execute("SELECT id FROM inbox_message WHERE id = %s FOR UPDATE", [busy.pk])
        cursor.execute("SET lock_timeout = '1s'")  # an indexer that waits fails here
        assert index_messages(None, at=datetime.now(UTC)) == 2
        assert set(Message.objects.filter(indexed_at=None)) == {busy}
        assert index_messages(None, at=datetime.now(UTC)) == 0
        other.rollback()
        assert index_messages(None, at=datetime.now(UTC)) == 1
        cursor.execute("RESET lock_timeout")
    assert not Message.objects.filter(indexed_at=None).exists()
