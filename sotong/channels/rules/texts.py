"""Whether a network takes a text, and in what order texts leave."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sotong.language.length import is_blank, measure
from sotong.networks.contract import Capability, Limits, Manifest, PostRef, RemoteAccount, TextUnit


def signed_as_automatic(text: str, language: str) -> str:
    """``text``, with the word that it is automatic where it does not say so itself."""
    if "자동" in text or "automat" in text.casefold():
        return text
    return f"{text} {'(자동)' if language == 'ko' else '(automatic)'}"


def chain_of(reply: PostRef | None, target: RemoteAccount | None) -> str:
    """What keeps its order: the direct exchange, else the thread, else nothing ("")."""
    if target is not None:
        return f"direct:{target.remote_id}"[:500]
    if reply is not None:
        return f"thread:{reply.thread_ref or reply.remote_id}"[:500]
    return ""


def length_of(text: str, unit: TextUnit) -> int:
    """The length of ``text`` as a network counts it."""
    return measure(text, unit.value)


def _text_refusal(limits: Limits, text: str, is_direct: bool) -> str:
    longest = limits.direct_text_max if is_direct and limits.direct_text_max else limits.text_max
    if length_of(text, limits.text_unit) > longest:
        return "too_long"
    if limits.text_max_bytes is not None and not is_direct and len(text.encode()) > limits.text_max_bytes:
        return "too_many_bytes"
    return ""


def refusal_of(
    *,
    manifest: Manifest,
    kind: str,
    mode: str,
    allowed_kinds: Collection[str],
    text: str,
    is_reply: bool,
    is_direct: bool,
    images: Sequence[tuple[str, int, int]],
) -> str:
    """Why a delivery cannot be made here: a code of ``DeliveryRefused``, or "".

    ``images``: type, bytes and length of the alternative text of each.
    """
    limits = manifest.limits
    if mode != "open":
        return mode
    if kind not in allowed_kinds:
        return "kind_refused"
    if is_direct and Capability.DIRECT not in manifest.capabilities:
        return "cannot_direct"
    if is_reply and not is_direct and Capability.REPLY not in manifest.capabilities:
        return "cannot_reply"
    if is_blank(text) and not images:
        return "empty"
    if len(images) > limits.images_max:
        return "images_refused"
    for mime, size, alt in images:
        if mime not in limits.image_types:
            return "image_type"
        if size > limits.image_bytes_max:
            return "image_bytes"
        if alt > limits.alt_text_max:
            return "alt_too_long"
    return _text_refusal(limits, text, is_direct)
