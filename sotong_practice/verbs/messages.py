"""Direct messages between two accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sotong_practice.network import Network
from sotong_practice.refusals import Refusal
from sotong_practice.rules import TEXT_MAX, clean_key, clean_text
from sotong_practice.state.reading import account_by_handle, account_by_id, posts_by_key
from sotong_practice.state.reading_private import exchange_of, message_by_id, messages_by_key
from sotong_practice.state.things import Account, Message
from sotong_practice.verbs.posts import checked_images, checked_language


def already_sent(network: Network, *, by: Account, key: str) -> Message | None:
    """The message that this key made, where keys count. Raises ``Refusal`` (``key_used``) for a key of a post."""
    clean_key(key)
    if posts_by_key(network.tables, by.id, key, even_hidden=True):
        raise Refusal(409, "key_used")
    if not network.settings.idempotency:
        return None
    found = messages_by_key(network.tables, by.id, key, even_hidden=True)
    return found[0] if found else None


def send_message(
    network: Network,
    *,
    by: Account,
    to: str,
    text: str,
    key: str | None = None,
    reply_to: str | None = None,
    media: Sequence[dict[str, str]] = (),
    language: str = "ko",
    at: datetime | None = None,
    visible_after: float = 0,
    is_late: bool = False,
) -> tuple[Message, bool]:
    """The message, and whether this key had sent it before. ``to``: a handle or an account id."""
    if key is not None:
        before = already_sent(network, by=by, key=key)
        if before is not None:
            return before, True
    recipient = account_by_handle(network.tables, to.removeprefix("@")) or account_by_id(network.tables, to)
    if recipient is None:
        raise Refusal(400, "recipient_unknown")
    if recipient.id == by.id:
        raise Refusal(400, "recipient_self")
    images = checked_images(network, by=by, media=media)
    text = clean_text(text, limit=TEXT_MAX, may_be_empty=bool(images))
    exchange = exchange_of(by, recipient)
    if reply_to is not None:
        answered = message_by_id(network.tables, reply_to)
        if answered is None or answered.exchange != exchange:
            raise Refusal(400, "reply_target_unknown")
    hiding = network.hide_for(visible_after) if visible_after > 0 else {}
    record = network.record(
        "direct",
        named=True,
        at=at,
        account=by.id,
        recipient=recipient.id,
        exchange=exchange,
        key=key,
        text=text,
        language=checked_language(language),
        reply_to=reply_to,
        media=images,
        late=is_late or None,
        **hiding,
    )
    message = message_by_id(network.tables, record["id"], even_hidden=True)
    if message is None:
        raise LookupError(record["id"])
    return message, False


def delete_message(network: Network, *, by: Account, message_id: str, at: datetime | None = None) -> None:
    """Takes a message back; doing it twice is one deletion."""
    message = message_by_id(network.tables, message_id)
    if message is None or by.id not in {message.author.id, message.recipient.id}:
        raise Refusal(404, "message_unknown")
    if message.author.id != by.id:
        raise Refusal(403, "not_yours")
    if not message.deleted:
        network.record("direct_delete", at=at, id=message.id, account=by.id)
