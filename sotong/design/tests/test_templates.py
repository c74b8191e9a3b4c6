"""Templates: strict about the content security policy, and every one of ours renders."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import timezone, translation

import sotong
from sotong.design import examples
from sotong.design.frame import Frame

ROOT = Path(sotong.__file__).parents[1]
TEMPLATES = sorted(
    path
    for folder in (ROOT / "sotong", ROOT / "sotong_practice")
    for path in folder.rglob("*.html")
    if "templates" in path.parts
)
OURS = Path(__file__).parents[1] / "templates"
INLINE = {
    "a style attribute": r"<[a-zA-Z][^>]*\sstyle\s*=",
    "a style element": r"<style\b",
    "an event attribute": r"<[a-zA-Z][^>]*\s(on[a-z]+|hx-on[:\w-]*)\s*=",
    "a script without src": r"<script\b(?![^>]*\ssrc=)",
    "a javascript address": r"javascript:",
    "code in an htmx attribute": r"hx-(vals|headers)\s*=\s*[\"'](js|javascript):",
    "a filter in hx-trigger": r"hx-trigger\s*=\s*\"[^\"]*\[",
}


def breaches(text):
    """Names of what the content security policy forbids in ``text``."""
    plain = re.sub(r"\{%\s*comment\s*%\}.*?\{%\s*endcomment\s*%\}|\{#.*?#\}", "", text, flags=re.DOTALL)
    return [name for name, pattern in INLINE.items() if re.search(pattern, plain, re.IGNORECASE)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_holds_inline_style_or_script(path):
    assert breaches(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color:red">',
        "<p class=a style = 'x'>",
        "<style>p{}</style>",
        '<a href="#" onclick="go()">',
        '<b hx-on:click="x">',
        "<script>1</script>",
        "<script type='module'>1</script>",
        '<a href="javascript:x">',
        '<p hx-trigger="click[ctrlKey]">',
        "<p hx-vals='js:{a:1}'>",
    ],
)
def test_the_search_for_inline_code_finds_it(text):
    assert breaches(text)


def test_the_search_for_inline_code_lets_good_markup_pass():
    good = '<script src="/a.js" type="module"></script><button data-on="x" class="style">on = off</button>'
    assert breaches(good) == []


CONTEXT = {
    "label": "이름", "kind": "ok", "icon": "inbox", "name": "나래", "words": "말", "letter": "B", "text": "글",
    "title": "제목", "state": "failed", "reason": "까닭", "action_label": "다시", "action_url": "/x", "items": [],
    "reveal_url": "/x", "rest": "남은 글", "newer": "/a", "older": "/b", "caption": "표", "head": ["가"],
    "rows": [["나"]], "go": "가기", "href": "/x", "retry": "/x", "undo_url": "/x", "key": "KeyA",
}  # fmt: skip


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(
    "path",
    [path for path in sorted(OURS.rglob("*.html")) if "gallery" not in str(path)],
    ids=lambda path: str(path.relative_to(OURS)).replace("/", ":"),
)
@pytest.mark.django_db
def test_each_template_renders_in_both_languages(path, language):
    name = str(path.relative_to(OURS))
    form = examples.ExampleForm()
    context = {
        **CONTEXT,
        "form": form,
        "field": form["mail"],
        "due": timezone.now(),
        "at": timezone.now(),
        "frame": examples.frame(),
        "item": examples.frame().rail[0],
        "widget": form["kind"].subwidgets[0].data,
    }
    if name.endswith("_icon.html"):
        context["name"] = "inbox"
    if name.startswith("design/widgets"):
        context["widget"] = form["zone"].field.widget.get_context("zone", "s", {"id": "z"})["widget"]
    with translation.override(language):
        html = get_template(name).render(context, RequestFactory().get("/"))
    assert breaches(html) == []
    assert "{%" not in html
    assert "{{" not in html


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.django_db
def test_the_living_page_answers_everyone_in_both_languages(client, language):
    client.cookies["language"] = language
    response = client.get("/design/", headers={"Accept-Language": language})
    html = response.content.decode()
    assert response.status_code == 200
    assert breaches(html) == []
    assert ("Components" if language == "en" else "부품") in html
    if language == "en":
        body = re.sub(r"<[^>]*>", " ", html)
        assert set(re.findall(r"[가-힣]+", body)) <= {"나", "도", "한국어", "김"}


@pytest.mark.django_db
def test_a_public_page_sets_no_cookie_and_holds_no_token():
    request = RequestFactory().get("/")
    html = get_template("design/public.html").render({"company": "한소리"}, request)
    assert "csrf" not in html.lower()
    assert "CSRF_COOKIE_NEEDS_UPDATE" not in request.META


@pytest.mark.django_db
def test_the_theme_is_the_persons_else_the_cookies_else_the_devices():
    def head(frame, cookie=""):
        request = RequestFactory().get("/")
        if cookie:
            request.COOKIES["theme"] = cookie
        return get_template("design/base.html").render({"frame": frame}, request).split("<head>")[0]

    dark = Frame(theme="dark", density="compact")
    assert 'data-theme="dark"' in head(dark, "light")
    assert 'data-density="compact"' in head(dark)
    assert 'data-theme="light"' in head(None, "light")
    assert "data-theme" not in head(None)
    assert "data-theme" not in head(None, '"><script>')
