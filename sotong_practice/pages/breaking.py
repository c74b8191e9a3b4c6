"""The page on which the people of this machine switch faults and settings on and off."""

from __future__ import annotations

from typing import Any

from sotong_practice.api.administration import read_setting, set_fault, set_values
from sotong_practice.api.fields import Fields
from sotong_practice.exchange import Answer
from sotong_practice.faults import KINDS, Fault
from sotong_practice.pages.forms import Form
from sotong_practice.pages.icons import icon
from sotong_practice.pages.layout import heading, page, trouble
from sotong_practice.pages.markup import NOTHING, Safe, fill, html
from sotong_practice.pages.parts import form_proof
from sotong_practice.pages.view import View, back_to
from sotong_practice.pages.visitor import ADMIN, admin_proof
from sotong_practice.refusals import Refusal

DAY = 24 * 3600
USUAL_PERCENT = 20
COUNT_MAX = 10**9


def faults(view: View, status: int = 200, error: str = "") -> Answer:
    title = view.say("고장 내 보기")
    lead = view.say(
        "진짜 네트워크는 느려지고, 끊기고, 엉뚱한 답을 해요. 미리 겪어 보세요. 사람이 쓰는 화면에는 고장이 나지 않아요."
    )
    body = html(
        "{heading}{trouble}{inside}",
        heading=heading(title, lead),
        trouble=trouble(error),
        inside=_board(view) if view.visitor.is_admin else view.fill("faults_door", proof=form_proof(view)),
    )
    return page(view, title=title, body=body, status=status)


def _board(view: View) -> Safe:
    plan, settings = view.network.faults, view.network.settings
    off = html(
        '<form method="post" action="/faults/off">{proof}<button class="btn">{icon}{words}</button></form>',
        proof=form_proof(view),
        icon=icon("stop"),
        words=view.say("고장 모두 끄기"),
    )
    numbers = [
        _knob("writes_per_window", view.say("쓰기 한도"), settings.writes_per_window, high=COUNT_MAX),
        _knob("reads_per_window", view.say("읽기 한도"), settings.reads_per_window, high=COUNT_MAX),
        _knob("window_seconds", view.say("한도를 세는 시간(초)"), settings.window_seconds, high=DAY),
    ]
    return view.fill(
        "faults_board",
        counts=_counts(view),
        off=off if plan.active else NOTHING,
        rows=[_fault(view, kind, plan.active.get(kind)) for kind in KINDS],
        proof=form_proof(view),
        idempotency=Safe(" checked") if settings.idempotency else NOTHING,
        numbers=numbers,
    )


def _counts(view: View) -> list[Safe]:
    counted = (
        ("post", view.say("새 글")),
        ("reply", view.say("답글")),
        ("direct", view.say("쪽지")),
        ("edit", view.say("고침")),
        ("delete", view.say("지움")),
        ("like", view.say("좋아요")),
        ("read", view.say("읽어 감")),
        ("fault", view.say("낸 고장")),
    )
    return [
        html("<div><dt>{words}</dt><dd>{n}</dd></div>", words=words, n=f"{view.network.counts.get(kind, 0):,}")
        for kind, words in counted
    ]


def _fault(view: View, kind: str, active: Fault | None) -> Safe:
    say, shape = view.say, KINDS[kind]
    fields: dict[str, Any] = {**shape.fields, **(active.fields if active else {})}
    title = shape.title[1 if view.visitor.language == "en" else 0]
    percent = round(active.probability * 100) if active else USUAL_PERCENT
    knobs = [_knob(f"percent-{kind}", say("확률(%)"), percent, high=100)]
    if "seconds" in fields:
        knobs.append(_knob(f"seconds-{kind}", say("초"), fields["seconds"] or 0, low=0, high=3600))
    if "after" in fields:
        checked = Safe(" checked") if fields["after"] else NOTHING
        words = say("한 뒤에")
        knobs.append(
            html(
                '<label class="check"><input type="checkbox" name="after" value="1"{on}> {words}</label>',
                on=checked,
                words=words,
            )
        )
    off = html(
        '<button class="btn btn-danger" name="off" value="1">{words}<span class="sr"> {title}</span></button>',
        words=say("끄기"),
        title=title,
    )
    state = html('<span class="tag tag-warn">{icon}{words}</span>', icon=icon("warn"), words=say("켜짐"))
    return view.fill(
        "fault",
        kind=kind,
        proof=form_proof(view),
        title=title,
        state=state if active else NOTHING,
        n=f"{view.network.faults.injected.get(kind, 0):,}",
        knobs=knobs,
        on=say("바꾸기") if active else say("켜기"),
        off=off if active else NOTHING,
    )


def _knob(field_id: str, label: str, value: float, *, low: int = 1, high: int) -> Safe:
    values: dict[str, object] = {"id": field_id, "label": label, "low": low, "high": high}
    return fill("number", str, {**values, "name": field_id.partition("-")[0], "value": f"{value:g}"})


async def enter(view: View, form: Form) -> Answer:
    if not view.network.is_admin(form.get("secret").strip()):
        return faults(view, 403, view.excuse(Refusal(403, "secret_wrong")))
    return _with_key(view, admin_proof(view.network), DAY)


async def leave(view: View, _form: Form) -> Answer:
    return _with_key(view, "", 0)


def _with_key(view: View, proof: str, seconds: int) -> Answer:
    answer = back_to("/faults")
    view.visitor.keep(ADMIN, proof, seconds=seconds)
    answer.cookies = list(view.visitor.cookies)
    return answer


async def set_one(view: View, form: Form, kind: str) -> Answer:
    _need_admin(view)
    if kind not in KINDS:
        raise Refusal(404, "not_found")
    if form.get("off"):
        set_fault(view.network, kind, None)
        return back_to("/faults")
    body: dict[str, Any] = {"probability": _read(form, "percent") / 100}
    if "seconds" in KINDS[kind].fields:
        body["seconds"] = _read(form, "seconds") or None
    if "after" in KINDS[kind].fields:
        body["after"] = form.get("after") == "1"
    try:
        set_fault(view.network, kind, read_setting(kind, Fields(body)))
    except Refusal as refused:
        return faults(view, refused.status, view.excuse(refused))
    return back_to("/faults")


async def all_off(view: View, _form: Form) -> Answer:
    _need_admin(view)
    for kind in list(view.network.faults.active):
        set_fault(view.network, kind, None)
    return back_to("/faults")


async def settings(view: View, form: Form) -> Answer:
    _need_admin(view)
    values: dict[str, Any] = {"idempotency": form.get("idempotency") == "1"}
    for name in ("writes_per_window", "reads_per_window", "window_seconds"):
        values[name] = max(1, int(_read(form, name)))
    set_values(view.network, values)
    return back_to("/faults")


def _read(form: Form, name: str) -> float:
    raw = form.get(name)
    if not (raw.isascii() and raw.replace(".", "", 1).isdigit() and len(raw) < 12):
        raise Refusal(400, "field_bad", field=name)
    return float(raw)


def _need_admin(view: View) -> None:
    if not view.visitor.is_admin:
        raise Refusal(403, "admin_only")
