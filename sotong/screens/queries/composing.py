"""The composer under a thread: its tabs with drafts, limits and the target, unmistakably."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sotong.access import may
from sotong.channels.models import Channel
from sotong.channels.queries.manifests import manifest_of, takes_direct, takes_images
from sotong.inbox.models import Conversation, Draft, DraftImage
from sotong.inbox.queries.threads import Thread, drafts_of, has_public_target
from sotong.inbox.rules.canned import fill
from sotong.people.models import Person

NOTE_MAX = 10_000
HANDLE_MAX = 20


@dataclass(frozen=True)
class Tab:
    """One kind of answer. ``saved_ms``: when its draft was kept, in ms since 1970 (0: never)."""

    name: str
    label: str
    icon: str
    key: str
    letter: str
    url: str
    limit: int
    unit: str
    send_words: str
    target_words: str
    placeholder: str
    text: str
    token: UUID
    saved_ms: int
    images: tuple[DraftImage, ...]
    takes_images: bool
    is_current: bool


@dataclass(frozen=True)
class Composer:
    tab: str
    tabs: tuple[Tab, ...]
    target_words: str
    send_words: str
    send_url: str
    draft_url: str
    image_url: str
    presence_url: str
    seen_upto: int
    takes_images: bool
    canned: tuple[dict[str, str], ...]
    canned_url: str


def composer(found: Thread, viewer: Person, canned: Iterable[tuple[str, str]], *, has_draft: bool) -> Composer:
    """The composer of a thread for a person who may answer it; ``canned``: names and texts.

    Where the customer deleted every post that a public reply could answer, its tab says so and is not the first.
    """
    conversation = found.conversation
    drafts = drafts_of(viewer, conversation.pk) if has_draft else {}
    channel = conversation.channel
    names = ["public"] if not conversation.is_direct else []
    names += ["direct"] if takes_direct(channel.network) or conversation.is_direct else []
    names.append("note")
    gone = "public" if "public" in names and not has_public_target(found) else ""
    first = max(
        (name for name in names if name in drafts and drafts[name].text),
        key=lambda n: drafts[n].saved_at,
        default=next(name for name in names if name != gone),
    )
    tabs = tuple(
        _tab(name, conversation, channel, drafts.get(name), is_current=name == first, is_gone=name == gone)
        for name in names
    )
    current = next(tab for tab in tabs if tab.is_current)
    pk = conversation.pk
    offered = _canned(conversation, viewer, canned)
    return Composer(
        tab=first,
        tabs=tabs,
        target_words=current.target_words,
        send_words=current.send_words,
        send_url=current.url,
        draft_url=reverse("inbox:draft", args=[pk]),
        image_url=reverse("inbox:draft_image", args=[pk]),
        presence_url=reverse("inbox:presence", args=[pk]),
        seen_upto=conversation.last_inbound_id,
        takes_images=any(tab.takes_images for tab in tabs),
        canned=offered,
        canned_url=reverse("inbox:canned" if offered else "inbox:new_canned") + f"?for={pk}"
        if may(viewer, "inbox.canned")
        else "",
    )


def _tab(
    name: str, conversation: Conversation, channel: Channel, draft: Draft | None, *, is_current: bool, is_gone: bool
) -> Tab:
    manifest = manifest_of(channel.network)
    limits = manifest.limits if manifest else None
    title = manifest.title.get((get_language() or "ko")[:2], manifest.name) if manifest else channel.network
    who = conversation.identity.shown_name
    words = {
        "public": (_("공개 답글"), "reply", "KeyR", "R", _("공개로 보내기"), _("{channel} · {network} · 누구나 봐요")),
        "direct": (_("쪽지"), "lock", "KeyD", "D", _("쪽지 보내기"), _("{channel} · {network} · {who} 님만 봐요")),
        "note": (_("내부 메모"), "sticky-note", "KeyN", "N", _("메모 남기기"), _("우리끼리만 보여요")),
    }[name]
    gone = _("고객이 글을 지워서 공개로는 답할 수 없어요") if is_gone else ""
    limit = NOTE_MAX
    if limits and name != "note":
        limit = limits.direct_text_max or limits.text_max if name == "direct" else limits.text_max
    return Tab(
        name=name,
        label=words[0],
        icon=words[1],
        key=words[2],
        letter=words[3],
        url=reverse("inbox:note" if name == "note" else "inbox:reply", args=[conversation.pk]),
        limit=limit,
        unit=str(limits.text_unit) if limits else "code_points",
        send_words=words[4],
        target_words=gone or words[5].format(channel=_short(channel.handle), network=title, who=who),
        placeholder=gone or (_("우리끼리 볼 메모를 써요") if name == "note" else _("여기에 답을 써요")),
        text=draft.text if draft else "",
        token=draft.token if draft else uuid4(),
        saved_ms=draft.saved_ms if draft else 0,
        images=tuple(draft.images.all()) if draft else (),
        takes_images=name != "note" and takes_images(channel.network),
        is_current=is_current,
    )


def _short(handle: str) -> str:
    """A handle for one line of a phone: accounts of one company differ at the end, their servers at the beginning."""
    half = HANDLE_MAX // 2
    return handle if len(handle) <= HANDLE_MAX else f"{handle[:half]}…{handle[-half:]}"


def _canned(
    conversation: Conversation, viewer: Person, canned: Iterable[tuple[str, str]]
) -> tuple[dict[str, str], ...]:
    """Canned responses with the names filled in: what the customer calls themselves, else the handle."""
    identity = conversation.identity
    customer = identity.name or identity.shown_name
    return tuple({"name": name, "text": fill(text, customer=customer, own=viewer.shown_name)} for name, text in canned)
