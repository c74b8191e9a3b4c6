"""The front page and threads, and writing in them."""

from __future__ import annotations

from sotong_practice.exchange import Answer
from sotong_practice.pages.composer import Draft, DraftRefused, composer, draft_after, read_draft
from sotong_practice.pages.forms import Form
from sotong_practice.pages.icons import icon
from sotong_practice.pages.layout import company_chips, empty_state, heading, page, pager
from sotong_practice.pages.markup import NOTHING, Safe, html, joined
from sotong_practice.pages.parts import posts_list, quoted
from sotong_practice.pages.people import join_form
from sotong_practice.pages.view import View, back_to, rank_in
from sotong_practice.refusals import Refusal
from sotong_practice.state import reading
from sotong_practice.state.reading import Span
from sotong_practice.state.things import Post
from sotong_practice.verbs.posts import write_post

THREAD_SIZE = 100


def post_or_404(view: View, post_id: str) -> Post:
    post = reading.post_by_id(view.network.tables, post_id)
    if post is None:
        raise Refusal(404, "post_unknown")
    return post


def timeline(view: View, draft: Draft | None = None, status: int = 200) -> Answer:
    before = rank_in(view.request.query, "before")
    found = reading.timeline(view.network.tables, Span(before=before))
    title = view.say("모든 글")
    nothing = empty_state(
        view.say("아직 글이 없어요"), view.say("첫 글을 써 보세요. 회사 계정을 @로 부르면 그쪽 상담 화면에 나와요.")
    )
    body = html(
        '<h1 class="sr">{title}</h1>{top}{nothing}{posts}{pager}',
        title=title,
        top=_top(view, draft or Draft()) if before is None else NOTHING,
        nothing=nothing if not found.things else NOTHING,
        posts=posts_list(found.things, view),
        pager=pager(view, "/", found.cursor, found.has_more),
    )
    return page(view, title=title, body=body, here="/", status=status, is_live=before is None)


def _top(view: View, draft: Draft) -> Safe:
    if view.visitor.account is None:
        return view.fill("welcome", form=join_form(view))
    form = composer(
        view,
        draft,
        action="/write",
        label=view.say("{name} 이름으로 새 글", name=view.me.display_name),
        placeholder=view.say("@로 회사 계정을 부르면 상담 화면에 닿아요"),
        send=view.say("올리기"),
    )
    return joined([form, company_chips(view)])


def write_page(view: View, draft: Draft | None = None, status: int = 200) -> Answer:
    """A new post, to a company or about a quoted post."""
    if view.visitor.account is None:
        return back_to("/join")
    query = view.request.query
    draft = draft or Draft(
        text=f"@{query['to']} " if query.get("to") else "",
        hidden={"quote_of": query["quote"]} if query.get("quote") else {},
    )
    quote_of = draft.hidden.get("quote_of")
    title = view.say("인용해서 쓰기") if quote_of else view.say("새 글")
    form = composer(
        view,
        draft,
        action="/write",
        label=view.say("{name} 이름으로 새 글", name=view.me.display_name),
        send=view.say("올리기"),
    )
    about = quoted(reading.post_by_id(view.network.tables, quote_of), view) if quote_of else NOTHING
    body = html("{heading}{form}{about}", heading=heading(title), form=form, about=about)
    return page(view, title=title, body=body, status=status)


async def write(view: View, form: Form) -> Answer:
    quote_of = form.get("quote_of")
    draft: Draft | None = None
    try:
        draft = await read_draft(view, form)
        post, _ = write_post(
            view.network,
            by=view.me,
            text=draft.text,
            key=draft.key,
            quote_of=quote_of or None,
            media=draft.images,
            language=view.visitor.language,
        )
    except (DraftRefused, Refusal) as refused:
        kept, status = draft_after(view, refused, draft)
        if quote_of:
            kept.hidden["quote_of"] = quote_of
            return write_page(view, kept, status)
        return timeline(view, kept, status)
    return back_to(f"/posts/{post.id}" if quote_of else f"/#post-{post.id}")


def to_thread(view: View, post_id: str) -> Answer:
    """A post by its id alone: its own address, which says whose it is."""
    after = rank_in(view.request.query, "after")
    return back_to(post_or_404(view, post_id).path + (f"?after={after}" if after else ""))


def thread_of(view: View, handle: str, post_id: str) -> Answer:
    """The thread of a post at its own address. Raises ``Refusal`` (``post_unknown``) where it is another one's."""
    if post_or_404(view, post_id).author.handle != handle.lower():
        raise Refusal(404, "post_unknown")
    return thread(view, post_id)


def thread(view: View, post_id: str, draft: Draft | None = None, status: int = 200) -> Answer:
    """The whole thread of a post, with the form to answer that post."""
    post = post_or_404(view, post_id)
    span = Span(after=rank_in(view.request.query, "after") or 0, limit=THREAD_SIZE)
    found = reading.thread(view.network.tables, span, post.root)
    began = reading.post_by_id(view.network.tables, post.root) or post
    more = html(
        '<p class="pager"><a class="btn" href="{path}?after={cursor}">{words}</a></p>',
        path=post.path,
        cursor=found.cursor,
        words=view.say("이어지는 글 더 보기"),
    )
    body = html(
        '<h1 class="sr">{title}</h1><div class="thread">{posts}</div>{more}{form}',
        title=view.say("@{handle}님이 시작한 이야기", handle=began.author.handle),
        posts=posts_list(found.things, view, focus=post_id if post.root != post.id else "", grows="end"),
        more=more if found.has_more else NOTHING,
        form=_answer_form(view, _to_answer(view, post, found.things), draft or Draft()),
    )
    return page(view, title=view.say("이야기"), body=body, status=status, is_live=not found.has_more)


def _to_answer(view: View, post: Post, posts: tuple[Post, ...]) -> Post:
    """Whom an answer goes to: the post that the page is about, or, on one's own, the latest that others wrote."""
    me = view.visitor.account
    if me is None or post.author.id != me.id:
        return post
    others = [other for other in posts if other.author.id != me.id and not other.deleted and other.rank > post.rank]
    return others[-1] if others else post


def _answer_form(view: View, post: Post, draft: Draft) -> Safe:
    if post.deleted:
        words = view.say("지운 글에는 답할 수 없어요.")
        return html('<p class="note">{icon}<span>{words}</span></p>', icon=icon("bin"), words=words)
    if view.visitor.account is None:
        words = view.say("들어와서 답하기")
        return html('<p class="pager"><a class="btn btn-ink" href="/join">{words}</a></p>', words=words)
    return composer(
        view,
        draft,
        action=f"/posts/{post.id}/reply",
        label=view.say("@{handle}님의 글에 답글", handle=post.author.handle),
        send=view.say("답글 올리기"),
    )


async def reply(view: View, form: Form, post_id: str) -> Answer:
    draft: Draft | None = None
    try:
        draft = await read_draft(view, form)
        post, _ = write_post(
            view.network,
            by=view.me,
            text=draft.text,
            key=draft.key,
            reply_to=post_id,
            media=draft.images,
            language=view.visitor.language,
        )
    except (DraftRefused, Refusal) as refused:
        kept, status = draft_after(view, refused, draft)
        return thread(view, post_id, kept, status)
    return back_to(f"/posts/{post.root}#post-{post.id}")
