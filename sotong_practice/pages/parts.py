"""Small parts of pages: faces, the proof of a form, posts with what can be done about them."""

from __future__ import annotations

import secrets
import zlib

from sotong_practice.pages.icons import icon
from sotong_practice.pages.markup import NOTHING, Safe, html
from sotong_practice.pages.texts import rich_text, time_tag
from sotong_practice.pages.view import View
from sotong_practice.state import reading
from sotong_practice.state.things import Account, Image, Post

TONES = 6
Targets = dict[str, Post]
"""Posts that others in a list answer or quote, by id."""


def avatar(account: Account, size: str = "") -> Safe:
    """The picture of an account, or its first letter; a company's has corners, a person's is round."""
    sized = (f" av-{size}" if size else "") + (" av-company" if account.kind == "company" else "")
    if account.avatar:
        return html('<img class="av{sized}" src="/media/{name}" alt="">', sized=sized, name=account.avatar)
    return html(
        '<span class="av{sized} av-{tone}" aria-hidden="true">{letter}</span>',
        sized=sized,
        tone=zlib.crc32(account.id.encode()) % TONES,
        letter=account.display_name[:1].upper(),
    )


def form_proof(view: View) -> Safe:
    return html('<input type="hidden" name="form_token" value="{token}">', token=view.visitor.form_token)


def fresh_key() -> str:
    """The one-time key of a form: sending it twice writes once."""
    return f"web-{secrets.token_urlsafe(18)}"


def company_tag(account: Account, view: View) -> Safe:
    return view.fill("company_tag", icon=icon("company")) if account.kind == "company" else NOTHING


def pictures(images: tuple[Image, ...], view: View) -> Safe:
    if not images:
        return NOTHING
    shown = [
        view.fill(
            "picture",
            name=image.name,
            alt=image.alt or view.say("설명이 없는 이미지"),
            width=image.width,
            height=image.height,
            caption=view.fill("picture_words", alt=image.alt) if image.alt else NOTHING,
        )
        for image in images
    ]
    return html('<div class="pictures pictures-{n}">{shown}</div>', n=len(images), shown=shown)


def post_text(post: Post, view: View) -> Safe:
    if not post.text:
        return NOTHING
    other = html(' lang="{language}"', language=post.language) if post.language != view.visitor.language else NOTHING
    words = rich_text(post.text, {account.handle for account in post.mentions})
    return html('<div class="words" dir="auto"{other}>{words}</div>', other=other, words=words)


def posts_list(posts: tuple[Post, ...], view: View, *, focus: str = "", grows: str = "top") -> Safe:
    """Posts as a list that keeps itself up to date.

    ``focus``: the id of the one that the page is about. ``grows``: at which end new ones come, ``top`` or ``end``.
    """
    me = view.visitor.account
    liked = reading.liked_by(view.network.tables, me.id, [post.id for post in posts]) if me else set()
    targets = _targets(posts, view)
    items = [
        post_item(post, view, is_liked=post.id in liked, is_focus=post.id == focus, targets=targets) for post in posts
    ]
    return html('<ol class="posts" data-merge="{grows}">{items}</ol>', grows=grows, items=items)


def _targets(posts: tuple[Post, ...], view: View) -> Targets:
    found = {post.id: post for post in posts}
    for post in posts:
        for target in (post.reply_to, post.quote_of):
            there = reading.post_by_id(view.network.tables, target) if target and target not in found else None
            if there is not None:
                found[there.id] = there
    return found


def post_item(post: Post, view: View, *, is_liked: bool, is_focus: bool, targets: Targets) -> Safe:
    version = f"{post.revision}.{post.likes}.{post.replies}.{post.quotes}.{int(is_liked)}"
    author = post.author
    if post.deleted:
        return view.fill("post_gone", id=post.id, version=version, icon=icon("bin"), handle=author.handle)
    edited = html('<span class="edited">{words} {n}</span>', words=view.say("고침"), n=post.revision - 1)
    return view.fill(
        "post",
        focus=" post-focus" if is_focus else "",
        company=" post-company" if author.kind == "company" else "",
        id=post.id,
        version=version,
        face=avatar(author),
        names=view.fill("names", handle=author.handle, name=author.display_name, tag=company_tag(author, view)),
        edited=edited if post.revision > 1 else NOTHING,
        path=post.path,
        time=time_tag(post.at, view.visitor.language),
        reply=_reply_line(targets.get(post.reply_to or ""), view),
        words=post_text(post, view),
        pictures=pictures(post.images, view),
        quoted=quoted(targets.get(post.quote_of), view) if post.quote_of else NOTHING,
        actions=_actions(post, view, is_liked=is_liked),
    )


def _reply_line(target: Post | None, view: View) -> Safe:
    if target is None:
        return NOTHING
    return html(
        '<a class="reply-to" href="{path}#post-{id}">{icon}<span>{words}</span></a>',
        path=target.path,
        id=target.id,
        icon=icon("reply", "s"),
        words=view.say("@{handle}님에게 답글", handle=target.author.handle),
    )


def quoted(post: Post | None, view: View) -> Safe:
    if post is None or post.deleted:
        return html('<p class="quoted quoted-gone">{words}</p>', words=view.say("인용한 글을 쓴 분이 지웠어요."))
    return view.fill(
        "quoted",
        path=post.path,
        name=post.author.display_name,
        handle=post.author.handle,
        time=time_tag(post.at, view.visitor.language),
        words=post_text(post, view),
    )


def _actions(post: Post, view: View, *, is_liked: bool) -> Safe:
    me = view.visitor.account
    is_mine = me is not None and me.id == post.author.id
    return view.fill(
        "post_actions",
        id=post.id,
        proof=form_proof(view),
        reply=icon("reply"),
        replies=_number(post.replies),
        wanted="0" if is_liked else "1",
        pressed="true" if is_liked else "false",
        heart=icon("heart"),
        likes=_number(post.likes),
        quote=icon("quote"),
        quotes=_number(post.quotes),
        mine=view.fill("post_own_actions", id=post.id, pencil=icon("pencil"), bin=icon("bin")) if is_mine else NOTHING,
    )


def _number(count: int) -> Safe:
    return html("<span>{count}</span>", count=f"{count:,}") if count else NOTHING
