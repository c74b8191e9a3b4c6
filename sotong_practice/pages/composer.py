"""The form with which a person writes a post, a reply, a direct message or an edit. A refusal loses nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from sotong_practice.pages.forms import Form
from sotong_practice.pages.icons import icon
from sotong_practice.pages.layout import trouble
from sotong_practice.pages.markup import NOTHING, Safe, html
from sotong_practice.pages.parts import avatar, form_proof, fresh_key
from sotong_practice.pages.view import View
from sotong_practice.refusals import Refusal
from sotong_practice.rules import ALT_MAX, IMAGES_MAX, TEXT_MAX
from sotong_practice.verbs.pictures import IMAGE_TYPES, take_in_picture


@dataclass(kw_only=True)
class Draft:
    """What the form shows: a text, images that are taken in already, the one-time key, and what was wrong with it."""

    text: str = ""
    images: list[dict[str, str]] = field(default_factory=list)
    key: str = field(default_factory=fresh_key)
    error: str = ""
    hidden: dict[str, str] = field(default_factory=dict)


async def read_draft(view: View, form: Form) -> Draft:
    """The draft in a sent form; its new images are taken in. Raises ``DraftRefused`` with the draft kept."""
    draft = Draft(text=form.get("text"), key=form.get("key") or fresh_key())
    refusal: Refusal | None = None
    for slot in range(IMAGES_MAX):
        alt = form.get(f"alt{slot}")
        if form.get(f"kept{slot}") and not form.get(f"drop{slot}"):
            draft.images.append({"id": form.get(f"kept{slot}"), "alt": alt})
        elif f"image{slot}" in form.files:
            try:
                image = await take_in_picture(view.network, by=view.me, content=form.files[f"image{slot}"])
                draft.images.append({"id": image.id, "alt": alt})
            except Refusal as refused:
                refusal = refused
    if refusal is not None:
        draft.error = view.excuse(refusal)
        raise DraftRefused(draft, refusal)
    return draft


class DraftRefused(Exception):
    """The draft cannot be sent as it is; it carries everything that was written."""

    def __init__(self, draft: Draft, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.draft = draft
        self.status = refusal.status


def draft_after(view: View, refused: DraftRefused | Refusal, draft: Draft | None) -> tuple[Draft, int]:
    """The draft to show again after a refusal, with its reason, and the status to show it with."""
    if isinstance(refused, DraftRefused):
        return refused.draft, refused.status
    if draft is None:
        raise refused
    draft.error = view.excuse(refused)
    return draft, refused.status


def composer(
    view: View, draft: Draft, *, action: str, label: str, send: str, placeholder: str = "", is_direct: bool = False
) -> Safe:
    """``label`` says what is written and to whom; ``send`` is the button's words."""
    hidden = [
        html('<input type="hidden" name="{name}" value="{value}">', name=name, value=value)
        for name, value in {"key": draft.key, **draft.hidden}.items()
    ]
    return view.fill(
        "composer",
        direct=" composer-direct" if is_direct else "",
        action=action,
        proof=form_proof(view),
        hidden=hidden,
        trouble=trouble(draft.error),
        face=avatar(view.me, "m"),
        label=label,
        placeholder=placeholder,
        limit=TEXT_MAX,
        invalid=Safe(' aria-invalid="true" autofocus') if draft.error else NOTHING,
        text=draft.text,
        slots=[_slot(view, slot, draft) for slot in range(IMAGES_MAX)],
        image=icon("image"),
        length=len(draft.text),
        icon=icon("lock" if is_direct else "send"),
        send=send,
    )


def _slot(view: View, slot: int, draft: Draft) -> Safe:
    kept = draft.images[slot] if slot < len(draft.images) else None
    alt = view.fill("slot_alt", slot=slot, n=slot + 1, alt=kept["alt"] if kept else "", limit=ALT_MAX)
    if kept is None:
        return view.fill("slot_free", slot=slot, n=slot + 1, types=IMAGE_TYPES, alt=alt)
    preview = _preview(view, kept["id"])
    return view.fill("slot_kept", slot=slot, n=slot + 1, preview=preview, id=kept["id"], alt=alt)


def _preview(view: View, media_id: str) -> Safe:
    row = view.network.tables.execute("SELECT name FROM media WHERE id = ?", (media_id,)).fetchone()
    return html('<img class="thumb" src="/media/{name}" alt="">', name=row["name"]) if row else NOTHING
