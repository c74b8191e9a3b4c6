"""Coming in, being somebody else, one's own page, and the pages of others."""

from __future__ import annotations

from sotong_practice.exchange import Answer
from sotong_practice.pages.forms import Form
from sotong_practice.pages.icons import icon
from sotong_practice.pages.layout import empty_state, heading, page, pager, trouble
from sotong_practice.pages.markup import NOTHING, Safe, html
from sotong_practice.pages.parts import avatar, company_tag, form_proof, posts_list
from sotong_practice.pages.texts import rich_text
from sotong_practice.pages.view import View, back_to, rank_in
from sotong_practice.pages.visitor import SESSION, WHO
from sotong_practice.refusals import Refusal
from sotong_practice.rules import BIO_MAX, NAME_MAX, clean_handle
from sotong_practice.state import reading
from sotong_practice.state.reading import Span
from sotong_practice.state.things import Account
from sotong_practice.verbs.accounts import change_profile, create_account, forget_browser, remember_in_browser
from sotong_practice.verbs.pictures import IMAGE_TYPES, take_in_picture


def field(
    view: View, name: str, *, label: str, value: str = "", hint: str = "", limit: int = NAME_MAX, wrong: str = ""
) -> Safe:
    """A labelled line of text; ``wrong`` says what does not fit."""
    note = html(
        '<span class="err" id="{name}-err">{icon}<span>{wrong}</span></span>',
        name=name,
        icon=icon("stop", "s"),
        wrong=wrong,
    )
    return view.fill(
        "field",
        name=name,
        label=label,
        value=value,
        limit=limit,
        described=f"{name}-hint {name}-err" if wrong else f"{name}-hint",
        invalid=Safe(' aria-invalid="true" autofocus') if wrong else NOTHING,
        hint=hint,
        wrong=note if wrong else NOTHING,
    )


def join_form(view: View, *, handle: str = "", name: str = "", wrong: dict[str, str] | None = None) -> Safe:
    wrong = wrong or {}
    return view.fill(
        "join",
        proof=form_proof(view),
        handle=field(
            view,
            "handle",
            label=view.say("아이디"),
            value=handle,
            hint=view.say("영문 소문자, 숫자, 밑줄. 나중에 바꿀 수 없어요."),
            limit=31,
            wrong=wrong.get("handle", ""),
        ),
        name=field(
            view,
            "display_name",
            label=view.say("보일 이름"),
            value=name,
            hint=view.say("글 옆에 나와요. 언제든 바꿀 수 있어요."),
            wrong=wrong.get("display_name", ""),
        ),
        arrow=icon("arrow"),
    )


def join_page(
    view: View, status: int = 200, *, handle: str = "", name: str = "", wrong: dict[str, str] | None = None
) -> Answer:
    lead = view.say("이름만 적으면 바로 시작해요. 비밀번호도 메일 주소도 받지 않아요.")
    title = view.say("다른 사람도 되어 보기") if view.visitor.accounts else view.say("들어오기")
    form = join_form(view, handle=handle, name=name, wrong=wrong)
    body = html("{top}{form}", top=heading(title, lead), form=form)
    return page(view, title=title, body=body, here="/join", status=status)


async def join(view: View, form: Form) -> Answer:
    """A customer in one step. Sent twice, the second finds the account in this browser already."""
    handle, name = form.get("handle"), form.get("display_name")
    try:
        wanted = clean_handle(handle)
        account = next((mine for mine in view.visitor.accounts if mine.handle == wanted), None)
        if account is None:
            account, _ = create_account(
                view.network, handle=wanted, display_name=name, kind="customer", with_token=False
            )
            remember_in_browser(view.network, account=account, session=view.visitor.session)
    except Refusal as refused:
        where = "handle" if refused.code.startswith("handle") else "display_name"
        return join_page(view, refused.status, handle=handle, name=name, wrong={where: view.excuse(refused)})
    return _as(view, account)


async def switch(view: View, form: Form) -> Answer:
    """Speaking as another account of this browser."""
    for account in view.visitor.accounts:
        if account.handle == form.get("handle"):
            return _as(view, account)
    raise Refusal(404, "account_unknown")


def _as(view: View, account: Account) -> Answer:
    answer = back_to("/")
    view.visitor.keep(SESSION, view.visitor.session)
    view.visitor.keep(WHO, account.handle)
    answer.cookies = list(view.visitor.cookies)
    return answer


async def leave(view: View, _form: Form) -> Answer:
    """This browser forgets its accounts; without passwords nobody can come back as them."""
    forget_browser(view.network, session=view.visitor.session)
    answer = back_to("/")
    for name in (SESSION, WHO):
        view.visitor.keep(name, "", seconds=0)
    answer.cookies = list(view.visitor.cookies)
    return answer


def me_page(view: View, status: int = 200, error: str = "", form: Form | None = None) -> Answer:
    if view.visitor.account is None:
        return back_to("/join")
    me = view.me
    body = view.fill(
        "me",
        heading=heading(view.say("나"), f"@{me.handle}"),
        proof=form_proof(view),
        trouble=trouble(error),
        face=avatar(me, "l"),
        types=IMAGE_TYPES,
        name=field(
            view,
            "display_name",
            label=view.say("보일 이름"),
            value=form.get("display_name") if form else me.display_name,
        ),
        bio_max=BIO_MAX,
        bio=form.get("bio") if form else me.bio,
        plus=icon("plus"),
        n=len(view.visitor.accounts),
    )
    return page(view, title=view.say("나"), body=body, here="/me", status=status)


async def change_me(view: View, form: Form) -> Answer:
    try:
        avatar_id = None
        if "picture" in form.files:
            avatar_id = (await take_in_picture(view.network, by=view.me, content=form.files["picture"])).id
        change_profile(
            view.network, by=view.me, display_name=form.get("display_name"), bio=form.get("bio"), avatar=avatar_id
        )
    except Refusal as refused:
        return me_page(view, refused.status, view.excuse(refused), form)
    return back_to(f"/@{view.me.handle}")


def profile(view: View, handle: str) -> Answer:
    account = reading.account_by_handle(view.network.tables, handle)
    if account is None:
        raise Refusal(404, "account_unknown")
    before = rank_in(view.request.query, "before")
    found = reading.posts_by_account(view.network.tables, Span(before=before), account.id)
    is_me = view.visitor.account is not None and view.visitor.account.id == account.id
    talk = view.fill("profile_talk", handle=account.handle, lock=icon("lock"))
    mine = html('<a class="btn" href="/me">{pencil}{words}</a>', pencil=icon("pencil"), words=view.say("프로필 고치기"))
    body = view.fill(
        "profile",
        face=avatar(account, "xl"),
        name=account.display_name,
        tag=company_tag(account, view),
        handle=account.handle,
        bio=html('<p class="words" dir="auto">{bio}</p>', bio=rich_text(account.bio, ())) if account.bio else NOTHING,
        action=mine if is_me else talk,
        nothing=NOTHING if found.things else empty_state(view.say("아직 쓴 글이 없어요"), ""),
        posts=posts_list(found.things, view),
        pager=pager(view, f"/@{account.handle}", found.cursor, found.has_more),
    )
    return page(view, title=f"{account.display_name} (@{account.handle})", body=body, is_live=before is None)
