"""From a request for a page to its answer: who looks, which page, whether a sent form is the page's own."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable

from sotong_practice.exchange import Answer, Request, json_answer
from sotong_practice.limits import RateLimits
from sotong_practice.network import Network, Settings
from sotong_practice.pages import breaking, changing, finding, news, people, private, writing
from sotong_practice.pages.forms import read_form
from sotong_practice.pages.layout import empty_state, page
from sotong_practice.pages.markup import html
from sotong_practice.pages.view import View, back_to, own_path
from sotong_practice.pages.visitor import LANGUAGE, THEME, THEMES, Visitor, meet
from sotong_practice.refusals import Refusal
from sotong_practice.routing import Route, Routes

Page = Callable[..., Answer | Awaitable[Answer]]

FORMS_PER_MINUTE = 60
"""Of one account, or of one browser that has none yet."""
NEWCOMERS_PER_MINUTE = 600
"""Forms of all browsers without an account: each can be had for nothing, so they have a ceiling together."""


def live(view: View) -> Answer:
    """Whether a page is still up to date: asked every few seconds by its script."""
    return json_answer({"effects": view.network.effects, "news": view.has_news()})


def language(view: View, name: str) -> Answer:
    return _chosen(view, LANGUAGE, name, ("ko", "en"))


def theme(view: View, name: str) -> Answer:
    return _chosen(view, THEME, name, THEMES)


def _chosen(view: View, cookie: str, name: str, names: tuple[str, ...]) -> Answer:
    if name not in names:
        raise Refusal(404, "not_found")
    answer = back_to(own_path(view.request.query))
    view.visitor.keep(cookie, name)
    answer.cookies = list(view.visitor.cookies)
    return answer


ROUTES = Routes[Page](
    [
        Route("GET", "/", writing.timeline),
        Route("GET", "/write", writing.write_page),
        Route("POST", "/write", writing.write),
        Route("GET", "/@{handle}/posts/{post_id}", writing.thread_of),
        Route("GET", "/posts/{post_id}", writing.to_thread),
        Route("POST", "/posts/{post_id}/reply", writing.reply),
        Route("POST", "/posts/{post_id}/like", changing.like),
        Route("GET", "/posts/{post_id}/edit", changing.edit_page),
        Route("POST", "/posts/{post_id}/edit", changing.edit),
        Route("GET", "/posts/{post_id}/delete", changing.delete_page),
        Route("POST", "/posts/{post_id}/delete", changing.delete),
        Route("GET", "/@{handle}/messages/{message_id}", private.to_message),
        Route("GET", "/messages", private.exchanges),
        Route("GET", "/messages/{handle}", private.exchange),
        Route("POST", "/messages/{handle}", private.send),
        Route("POST", "/messages/{handle}/{message_id}/delete", private.take_back),
        Route("GET", "/news", news.news),
        Route("GET", "/search", finding.search),
        Route("GET", "/join", people.join_page),
        Route("POST", "/join", people.join),
        Route("POST", "/switch", people.switch),
        Route("POST", "/leave", people.leave),
        Route("GET", "/me", people.me_page),
        Route("POST", "/me", people.change_me),
        Route("GET", "/@{handle}", people.profile),
        Route("GET", "/faults", breaking.faults),
        Route("POST", "/faults/enter", breaking.enter),
        Route("POST", "/faults/leave", breaking.leave),
        Route("POST", "/faults/settings", breaking.settings),
        Route("POST", "/faults/off", breaking.all_off),
        Route("POST", "/faults/set/{kind}", breaking.set_one),
        Route("GET", "/live", live),
        Route("GET", "/language/{name}", language),
        Route("GET", "/theme/{name}", theme),
    ]
)


class Pages:
    """``has_font``: a file of the pages' font is served under /static/."""

    def __init__(self, network: Network, *, has_font: bool) -> None:
        self._network = network
        self._has_font = has_font
        self._limits = RateLimits(Settings(writes_per_window=FORMS_PER_MINUTE, window_seconds=60))
        self._newcomers = RateLimits(Settings(writes_per_window=NEWCOMERS_PER_MINUTE, window_seconds=60))

    async def respond(self, request: Request) -> Answer:
        view = View(
            network=self._network, request=request, visitor=meet(self._network, request), has_font=self._has_font
        )
        try:
            route, names = ROUTES.find(request.method, request.path)
            if route.method == "GET":
                answer = route.target(view, **names)
            else:
                form = read_form(request, view.visitor)
                self._count(view.visitor)
                answer = route.target(view, form, **names)
            return await answer if inspect.isawaitable(answer) else answer
        except Refusal as refusal:
            if refusal.code == "session_needed":
                return back_to("/join")
            return _sorry(view, refusal)

    def _count(self, visitor: Visitor) -> None:
        if visitor.account is not None:
            self._limits.count(visitor.account.id, "write")
            return
        # Who is over their own limit uses up nothing of what all share; when that is used up, nobody new is remembered.
        self._newcomers.count("all", "write", is_trial=True)
        self._limits.count(f"newcomer {visitor.session}", "write")
        self._newcomers.count("all", "write")


def _sorry(view: View, refusal: Refusal) -> Answer:
    way_out = html('<a class="btn btn-l" href="/">{words}</a>', words=view.say("모든 글로 가기"))
    title = view.say("여기까지예요") if refusal.status in {404, 405} else view.say("하지 못했어요")
    body = empty_state(title, view.excuse(refusal), way_out)
    answer = page(view, title=title, body=body, status=refusal.status)
    if "retry_after" in refusal.details:
        answer.headers["Retry-After"] = str(refusal.details["retry_after"])
    return answer
