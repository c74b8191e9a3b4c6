"""The frame of every page: the practice note, the header with the navigation, the column and what stands beside it."""

from __future__ import annotations

from urllib.parse import quote

from sotong_practice.exchange import Answer
from sotong_practice.files import static_version
from sotong_practice.pages.icons import icon, sprite_for
from sotong_practice.pages.markup import NOTHING, Safe, html
from sotong_practice.pages.parts import avatar, form_proof
from sotong_practice.pages.view import View
from sotong_practice.state import reading
from sotong_practice.state.reading import Span
from sotong_practice.state.things import Account

NAVIGATION = (("/", "home"), ("/news", "bell"), ("/messages", "letter"), ("/search", "search"))
THEME_ICONS = {"system": "screen", "light": "sun", "dark": "moon"}
NEXT_THEME = {"system": "dark", "dark": "light", "light": "system"}
COMPANIES_SHOWN = 8


def page(view: View, *, title: str, body: Safe, here: str = "", status: int = 200, is_live: bool = False) -> Answer:
    """A whole page. ``here``: the navigation's path; ``is_live``: it keeps itself up to date."""
    visitor = view.visitor
    inside = view.fill(
        "frame",
        flask=icon("flask"),
        mark=view.fill("mark"),
        navigation=_navigation(view, here),
        switches=_switches(view),
        body=body,
        aside=_aside(view),
    )
    document = view.fill(
        "document",
        language=visitor.language,
        theme=html(' data-theme="{theme}"', theme=visitor.theme) if visitor.theme != "system" else NOTHING,
        title=title,
        version=static_version(),
        font=Safe('<link rel="stylesheet" href="/static/font.css">') if view.has_font else NOTHING,
        live=html(' data-live="{effects}"', effects=view.network.effects) if is_live else NOTHING,
        new_posts=view.say("새 글 {n}개 보기", n="%n"),
        new_post=view.say("새 글이 {n}개 왔어요.", n="%n"),
        sprite=sprite_for(inside),
        inside=inside,
    )
    return Answer(
        status=status,
        headers={"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"},
        cookies=list(visitor.cookies),
        body=document.encode(),
    )


def _navigation(view: View, here: str) -> Safe:
    words = (view.say("모든 글"), view.say("알림"), view.say("쪽지"), view.say("찾기"))
    links = [
        _link(path, icon(drawing, "l"), named, here=here, dot=path == "/news" and view.has_news(), view=view)
        for (path, drawing), named in zip(NAVIGATION, words, strict=True)
    ]
    account = view.visitor.account
    if account is None:
        links.append(_link("/join", icon("person", "l"), view.say("들어오기"), here=here, dot=False, view=view))
    else:
        links.append(_link("/me", avatar(account, "s"), view.say("나"), here=here, dot=False, view=view))
    label = view.say("주 메뉴")
    return html('<nav class="nav" aria-label="{label}" data-replace="nav">{links}</nav>', label=label, links=links)


def _link(path: str, drawing: Safe, words: str, *, here: str, dot: bool, view: View) -> Safe:
    return html(
        '<a href="{path}"{current}>{drawing}<span>{words}</span>{dot}</a>',
        path=path,
        current=Safe(' aria-current="page"') if path == here else NOTHING,
        drawing=drawing,
        words=words,
        dot=dot_for(view.say("새 알림 있음")) if dot else NOTHING,
    )


def dot_for(words: str) -> Safe:
    """The coral dot, with its words for those who do not see it."""
    return html('<span class="dot"><span class="sr">{words}</span></span>', words=words)


def _switches(view: View) -> Safe:
    visitor, say = view.visitor, view.say
    named = {"system": say("기기 설정대로"), "dark": say("어두운 화면"), "light": say("밝은 화면")}
    following = NEXT_THEME[visitor.theme]
    other, other_name = ("ko", "한국어") if visitor.language == "en" else ("en", "English")
    return view.fill(
        "switches",
        other=other,
        other_name=other_name,
        back=quote(view.request.path, safe="/@") if view.request.method == "GET" else "/",
        following=following,
        theme_words=say("화면: {now}. 누르면 {next}", now=named[visitor.theme], next=named[following]),
        drawing=icon(THEME_ICONS[visitor.theme], "l"),
    )


def companies(view: View) -> tuple[Account, ...]:
    """The companies that one can talk to, as many as a page shows."""
    return reading.accounts(view.network.tables, Span(after=0, limit=COMPANIES_SHOWN), kind="company").things


def company_chips(view: View) -> Safe:
    """Whom to talk to, for narrow screens, where the aside stands far below."""
    chips = [
        html('<li><a class="btn btn-s" href="/write?to={handle}">@{handle}</a></li>', handle=one.handle)
        for one in companies(view)
    ]
    title = view.say("말을 걸 수 있는 곳")
    shown = html('<section class="chips"><h2>{title}</h2><ul>{chips}</ul></section>', title=title, chips=chips)
    return shown if chips else NOTHING


def _aside(view: View) -> Safe:
    found = companies(view)
    rows = [view.fill("company_row", handle=one.handle, face=avatar(one, "m"), name=one.display_name) for one in found]
    return view.fill(
        "aside",
        companies=html('<ul class="people">{rows}</ul>', rows=rows) if rows else view.fill("no_companies"),
        people=_people(view),
    )


def _people(view: View) -> Safe:
    """Switching between the customers of this browser."""
    me = view.visitor.account
    if me is None:
        return NOTHING
    rows = [
        view.fill(
            "people_row",
            proof=form_proof(view),
            handle=account.handle,
            current=Safe(' aria-current="true"') if account.id == me.id else NOTHING,
            face=avatar(account, "m"),
            name=account.display_name,
            tick=icon("check") if account.id == me.id else NOTHING,
        )
        for account in view.visitor.accounts
    ]
    return view.fill("people", rows=rows, plus=icon("plus", "s"))


def heading(title: str, lead: str = "") -> Safe:
    said = html('<p class="lead">{lead}</p>', lead=lead) if lead else NOTHING
    return html('<div class="heading"><div><h1>{title}</h1>{said}</div></div>', title=title, said=said)


def trouble(words: str) -> Safe:
    """A sentence about what went wrong, above the form that it belongs to."""
    note = html(
        '<p class="note note-danger" role="alert">{icon}<span>{words}</span></p>', icon=icon("stop"), words=words
    )
    return note if words else NOTHING


def empty_state(title: str, words: str, action: Safe = NOTHING) -> Safe:
    said = html('<p class="muted">{words}</p>', words=words) if words else NOTHING
    return html('<div class="empty"><h2>{title}</h2>{said}{action}</div>', title=title, said=said, action=action)


def pager(view: View, path: str, cursor: int, has_more: bool, **more: str) -> Safe:
    """The link to older things."""
    extra = "".join(f"&{name}={quote(value)}" for name, value in more.items())
    link = html(
        '<p class="pager"><a class="btn" href="{path}?before={cursor}{extra}">{words}</a></p>',
        path=path,
        cursor=cursor,
        extra=extra,
        words=view.say("더 오래된 것 보기"),
    )
    return link if has_more else NOTHING
