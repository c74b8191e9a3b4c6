"""Accounts: API.md §3."""

from __future__ import annotations

from sotong_practice.api.call import Call
from sotong_practice.api.fields import read_span, show_cursor
from sotong_practice.api.shapes import account_shape
from sotong_practice.exchange import Answer, json_answer, no_content
from sotong_practice.refusals import Refusal
from sotong_practice.rules import clean_handle
from sotong_practice.state.reading import Span, account_by_handle, account_by_id, accounts
from sotong_practice.verbs.accounts import KINDS, change_profile, create_account, issue_token, revoke_tokens


async def create(call: Call) -> Answer:
    call.need_admin()
    fields = call.fields()
    handle = clean_handle(fields.text("handle"))
    name, kind = fields.text("display_name"), fields.maybe_text("kind") or "company"
    bio, exist_ok, at = fields.maybe_text("bio") or "", fields.flag("exist_ok"), call.time_in(fields)
    fields.finish()
    existing = account_by_handle(call.network.tables, handle)
    if existing is not None and exist_ok:
        return json_answer({"account": account_shape(existing, call.base), "token": None})
    account, token = create_account(call.network, handle=handle, display_name=name, kind=kind, bio=bio, at=at)
    return json_answer({"account": account_shape(account, call.base), "token": token}, 201)


async def new_token(call: Call, handle: str) -> Answer:
    call.need_admin()
    return json_answer({"token": issue_token(call.network, account=call.account_named(handle))}, 201)


async def revoke(call: Call, handle: str) -> Answer:
    call.need_admin()
    revoke_tokens(call.network, account=call.account_named(handle))
    return no_content()


async def show(call: Call, handle: str) -> Answer:
    return json_answer(account_shape(call.account_named(handle), call.base))


async def show_by_id(call: Call, account_id: str) -> Answer:
    account = account_by_id(call.network.tables, account_id)
    if account is None:
        raise Refusal(404, "account_unknown")
    return json_answer(account_shape(account, call.base))


async def listed(call: Call) -> Answer:
    query = call.request.query
    span = read_span(query, call.network.world)
    if span.after is None and span.before is None:
        span = Span(after=0, limit=span.limit)
    kind = query.get("kind")
    if kind is not None and kind not in KINDS:
        raise Refusal(400, "field_bad", field="kind")
    found = accounts(call.network.tables, span, kind=kind)
    return json_answer(
        {
            "accounts": [account_shape(account, call.base) for account in found.things],
            "cursor": show_cursor(found.cursor, call.network.world),
            "has_more": found.has_more,
        }
    )


async def me(call: Call) -> Answer:
    return json_answer(account_shape(call.viewer, call.base))


async def change_me(call: Call) -> Answer:
    fields = call.fields()
    has_avatar = "avatar" in fields
    name, bio, avatar = fields.maybe_text("display_name"), fields.maybe_text("bio"), fields.maybe_text("avatar")
    fields.finish()
    changed = change_profile(
        call.network, by=call.viewer, display_name=name, bio=bio, avatar=(avatar or "") if has_avatar else None
    )
    return json_answer(account_shape(changed, call.base))
