"""Forms from elsewhere, and texts that would like to be more than text."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from sotong_practice.pages.markup import TEMPLATES, Safe, fill, html
from sotong_practice.pages.texts import rich_text
from sotong_practice.tests.browsing import Browser, PageReader
from sotong_practice.tests.running import Practice

PAYLOADS = (
    "<script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "<svg/onload=alert(1)>",
    "<a href=javascript:alert(1)>눌러요</a>",
    "javascript:alert(1)",
    'https://example.com/"onmouseover=alert(1)//',
    "https://example.com/'><svg onload=alert(1)>",
    "http://x.example/<script>alert(1)</script>",
    '@hostile_care"><script>alert(1)</script>',
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;b&#62;",
    "{name} {{7*7}} {0} %s %(x)s {self.__class__}",
    "<!--<img src=--><img src=x onerror=alert(1)//>",
    "<style>*{display:none}</style><link rel=stylesheet href=//evil.example>",
    "<base href=//evil.example><form action=//evil.example><button>눌러요</button></form>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "\u202e거꾸로\u2066 숨음",
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_stays_text_on_every_page(shared: Practice, payload: str) -> None:
    shared.admin.post("/api/accounts", handle="hostile_care", display_name="상담", exist_ok=True)
    number = PAYLOADS.index(payload)
    browser = Browser(shared).join(f"hostile_{number}", payload[:40])
    care = shared.acting_as("hostile_care")
    browser.send_files(
        "/me", {**browser.page("/me").form("/me").fields, "display_name": payload[:40], "bio": payload}, {}
    )
    browser.fill("/", "/write", text=f"@hostile_care {payload}")
    post_id = shared.records("post")[-1]["id"]
    care.write(f"@hostile_{number} {payload}", reply_to=post_id)
    care.write(payload, quote_of=post_id)
    browser.fill("/messages/hostile_care", "/messages/hostile_care", text=payload)
    care.post("/api/messages", to=f"hostile_{number}", text=payload)
    too_long = browser.fill("/", "/write", text=payload + "가" * 500)
    pages = [
        "/",
        f"/@hostile_{number}/posts/{post_id}",
        f"/posts/{post_id}/edit",
        f"/posts/{post_id}/delete",
        "/news",
        "/messages",
    ]
    pages += ["/messages/hostile_care", f"/@hostile_{number}", "/me", f"/write?quote={post_id}"]
    texts = [browser.get(path).text for path in pages] + [too_long.text]
    texts.append(browser.get(f"/search?q={quote(payload[:100], safe='')}").text)
    texts.append(browser.get(f"/write?to={quote(payload, safe='')}").text)
    for text in texts:
        for element in PageReader(text).elements:
            assert (
                element.tag not in {"script", "iframe", "style", "base"} or element.attributes.get("type") == "module"
            )
            assert not any(name.startswith("on") for name in element.attributes), element
            assert "style" not in element.attributes
            for name in ("href", "src", "action"):
                address = element.attributes.get(name, "/")
                assert address.startswith(("/", "#", "http://", "https://")), element
                assert not address.startswith("//")
                if element.tag != "a":
                    assert address.startswith(("/", "#")), element
            if element.tag == "img":
                assert element.attributes["src"].startswith("/media/")


def test_a_form_from_another_site_is_refused(shared: Practice) -> None:
    browser = Browser(shared).join("forms_bada")
    fields = {**browser.page("/").form("/write").fields, "text": "남이 보낸 글"}
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": f"http://127.0.0.1:{shared.port + 1}"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        assert browser.send("/write", fields, **headers).status == 403
    ours = {"Origin": f"http://127.0.0.1:{shared.port}", "Sec-Fetch-Site": "same-origin"}
    assert browser.send("/write", fields, **ours).status == 303
    assert [record["text"] for record in shared.records("post")].count("남이 보낸 글") == 1


def test_a_form_without_this_browsers_proof_is_refused(shared: Practice) -> None:
    bada, eve = Browser(shared).join("forms_one"), Browser(shared).join("forms_eve")
    proof = eve.page("/").form("/write").fields["form_token"]
    for token in ("", "0" * 64, proof):
        assert bada.send("/write", {"form_token": token, "text": "남의 증명", "key": "web-1"}).status == 403
    stranger = Browser(shared)
    assert stranger.send("/join", {"form_token": proof, "handle": "forms_new", "display_name": "x"}).status == 403
    as_json = bada._send("POST", "/write", b'{"text": "x"}', **{"Content-Type": "application/json"})
    assert as_json.status == 415
    assert "남의 증명" not in [record["text"] for record in shared.records("post")]


def test_cookies_are_kept_from_scripts_and_other_sites(shared: Practice) -> None:
    browser = Browser(shared)
    answer = browser.fill("/join", "/join", handle="forms_cookie", display_name="x")
    assert answer.cookies
    for cookie in (*answer.cookies, *Browser(shared).get("/").cookies):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
    shared_truth = (shared.folder / "truth.jsonl").read_text()
    assert browser.cookies["practice"] not in shared_truth


def test_a_cookie_alone_does_not_open_the_api(shared: Practice) -> None:
    browser = Browser(shared).join("forms_api")
    assert browser.get("/api/me").status == 401


def test_pages_carry_a_strict_policy_and_no_inline_script_or_style(shared: Practice) -> None:
    answer = Browser(shared).get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    for template in TEMPLATES.iterdir():
        text = template.read_text()
        assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:", text), template.name


def test_patterns_escape_everything_but_what_is_safe() -> None:
    assert html('<a href="{x}">{y}</a>', x='"><b>', y=Safe("<i>")) == '<a href="&quot;&gt;&lt;b&gt;"><i></a>'
    assert html("{x}", x=["<", Safe("<br>")]) == "&lt;<br>"
    assert html("{x}", x="{y} {{z}}") == "{y} {{z}}"
    assert html("{x}", x=None) == ""
    with pytest.raises(KeyError):
        html("{missing}")
    with pytest.raises(KeyError):
        fill("names", str, {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@care에 물어요", '<a href="/@care">@care</a>에 물어요'),
        ("a@care", "a@care"),
        ("@nobody", "@nobody"),
        ("보세요 https://a.example/x?y=1&z=2.", None),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("https://a.example/@care", None),
    ],
)
def test_links_and_mentions(text: str, expected: str | None) -> None:
    made = rich_text(text, {"care"})
    if expected is not None:
        assert made == expected
    else:
        assert made.count("<a ") == 1
        assert 'rel="nofollow noopener noreferrer ugc"' in made
        assert "2.</a>" not in made
