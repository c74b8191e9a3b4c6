"""Editing and deleting one's own posts, and liking those of others."""

from __future__ import annotations

from sotong_practice.exchange import Answer
from sotong_practice.pages.composer import Draft, DraftRefused, composer, draft_after, read_draft
from sotong_practice.pages.forms import Form
from sotong_practice.pages.icons import icon
from sotong_practice.pages.layout import heading, page
from sotong_practice.pages.markup import html
from sotong_practice.pages.parts import form_proof, quoted
from sotong_practice.pages.view import View, back_to, rank_in
from sotong_practice.pages.writing import post_or_404
from sotong_practice.refusals import Refusal
from sotong_practice.state.things import Post
from sotong_practice.verbs.posts import delete_post, edit_post, set_like


def edit_page(view: View, post_id: str, draft: Draft | None = None, status: int = 200) -> Answer:
    post = _own(view, post_id)
    draft = draft or Draft(text=post.text, images=[{"id": image.id, "alt": image.alt} for image in post.images])
    draft.hidden["revision"] = str(post.revision)
    form = composer(
        view,
        draft,
        action=f"/posts/{post.id}/edit",
        label=view.say("내 글 고치기"),
        send=view.say("고쳐서 올리기"),
    )
    title = view.say("글 고치기")
    lead = view.say("고치면 ‘고침’ 표시가 붙고, 이 글을 본 사람에게 알려요.")
    return page(view, title=title, body=html("{top}{form}", top=heading(title, lead), form=form), status=status)


async def edit(view: View, form: Form, post_id: str) -> Answer:
    _own(view, post_id)
    draft: Draft | None = None
    try:
        draft = await read_draft(view, form)
        post = edit_post(
            view.network,
            by=view.me,
            post_id=post_id,
            text=draft.text,
            media=draft.images,
            if_revision=rank_in(form.values, "revision"),
        )
    except (DraftRefused, Refusal) as refused:
        kept, status = draft_after(view, refused, draft)
        return edit_page(view, post_id, kept, status)
    return back_to(f"/posts/{post.root}#post-{post.id}")


def delete_page(view: View, post_id: str) -> Answer:
    post = _own(view, post_id)
    body = view.fill(
        "delete",
        heading=heading(view.say("이 글을 지울까요?"), view.say("지우면 되돌릴 수 없어요. 지웠다는 자리는 남아요.")),
        post=quoted(post, view),
        id=post.id,
        proof=form_proof(view),
        bin=icon("bin"),
    )
    return page(view, title=view.say("글 지우기"), body=body)


async def delete(view: View, _form: Form, post_id: str) -> Answer:
    """Sent twice, the second finds the tombstone."""
    post = post_or_404(view, post_id)
    delete_post(view.network, by=view.me, post_id=post_id)
    return back_to(f"/posts/{post.root}#post-{post.id}")


async def like(view: View, form: Form, post_id: str) -> Answer:
    post = post_or_404(view, post_id)
    set_like(view.network, by=view.me, post_id=post_id, likes=form.get("likes") == "1")
    return back_to(f"/posts/{post.root}#post-{post.id}")


def _own(view: View, post_id: str) -> Post:
    post = post_or_404(view, post_id)
    if post.author.id != view.me.id:
        raise Refusal(403, "not_yours")
    if post.deleted:
        raise Refusal(410, "post_deleted")
    return post
