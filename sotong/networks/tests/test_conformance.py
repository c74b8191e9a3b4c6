"""Holds declaration, implementation, README and fixtures together, for every network."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest

from sotong.networks import errors, registry
from sotong.networks.contract import (
    Capability,
    Connector,
    Manifest,
    Media,
    MemorySession,
    OutboundPost,
    PostRef,
    RemoteAccount,
    WebhookRequest,
)
from sotong.networks.tests.pairs import KINDS, pairs
from sotong.networks.tests.scripted import ScriptedEgress, no_network

ROOT = Path(registry.__file__).parent
KEY = "019d8a3c-5e80-7a3b-9c4d-0123456789ab"
FILES = ("README.md", "__init__.py", "manifest.py", "client.py", "parse.py", "render.py", "connector.py")
FIELD_KINDS = {"text", "password", "url", "handle"}
SHOWN_BY_FIXTURES = {Capability.ALT_TEXT, Capability.EDITS_SEEN, Capability.DELETIONS_SEEN}
EVERY = pytest.mark.parametrize("name", registry.NETWORKS)


def opened(name: str) -> tuple[Connector, ScriptedEgress]:
    manifest, egress = registry.manifest(name), no_network()
    credentials = {field.name: field.default or "x" for field in manifest.credentials}
    build = import_module(f"sotong.networks.{name}.connector").open_connector
    return build(credentials, MemorySession(), egress=egress), egress


def example_id(name: str) -> str:
    """The id of some post of that network, from its fixtures."""
    given = [pair.expected for pair in pairs(ROOT / name / "tests", "inbound")]
    return str(next(each["remote_id"] for each in given if each and each.get("kind") == "post"))


def image(name: str) -> Media:
    return Media(mime=(*registry.manifest(name).limits.image_types, "image/png")[0], content=b"x", alt="그림")


def calls(connector: Connector, name: str):
    """One call for each capability that is a call."""
    post = OutboundPost(text="안녕하세요", idempotency_key=KEY, created_at=datetime(2026, 4, 13, tzinfo=UTC))
    somebody = RemoteAccount(remote_id="x", handle="x")
    target = example_id(name)
    return {
        Capability.FETCH: lambda: connector.fetch(""),
        Capability.WEBHOOK: lambda: connector.read_webhook(
            WebhookRequest(method="POST", path="/", headers={}, body=b"")
        ),
        Capability.PUBLISH: lambda: connector.publish(post),
        Capability.REPLY: lambda: connector.publish(replace(post, in_reply_to=PostRef(remote_id=target))),
        Capability.DIRECT: lambda: connector.publish(replace(post, direct_to=somebody)),
        Capability.IMAGES: lambda: connector.publish(replace(post, media=(image(name),))),
        Capability.FIND: lambda: connector.find(KEY),
        Capability.DELETE: lambda: connector.delete(target),
        Capability.MEASURE: lambda: connector.measure(target),
        Capability.SEARCH: lambda: connector.search("오징어", ""),
    }


@EVERY
def test_a_network_has_all_files_of_its_grammar(name):
    missing = [file for file in FILES if not (ROOT / name / file).is_file()]
    if Capability.WEBHOOK in registry.manifest(name).capabilities and not (ROOT / name / "signature.py").is_file():
        missing.append("signature.py")
    assert not missing


def test_every_folder_is_listed_in_the_registry():
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(("_", "."))}
    assert folders - {"tests"} == set(registry.NETWORKS)


def badges(manifest: Manifest) -> dict[str, str]:
    """What each language's badge is."""
    one = manifest.badge
    return {language: one if isinstance(one, str) else one[language] for language in ("ko", "en")}


@EVERY
def test_a_manifest_is_complete_and_sane(name):
    manifest = registry.manifest(name)
    assert manifest.name == name
    assert re.fullmatch(r"[a-z][a-z0-9_]{1,30}", name)
    assert set(manifest.title) == {"ko", "en"}
    assert all(manifest.title.values())
    assert all(1 <= len(badge) <= 2 for badge in badges(manifest).values())
    assert set(manifest.sign_in_help) == {"ko", "en"}, "what helps when the sign-in is refused"
    limits = manifest.limits
    assert limits.text_max > 0
    assert limits.text_max_bytes is None or limits.text_max_bytes >= limits.text_max
    has_images = Capability.IMAGES in manifest.capabilities
    assert has_images == bool(limits.images_max) == bool(limits.image_bytes_max) == bool(limits.image_types)
    assert all(re.fullmatch(r"image/[a-z+.-]+", mime) for mime in limits.image_types)
    assert (Capability.ALT_TEXT in manifest.capabilities) == bool(limits.alt_text_max)
    assert timedelta(seconds=10) <= limits.landing_time_max <= timedelta(hours=1)
    assert timedelta(seconds=1) <= manifest.poll_every <= timedelta(hours=1)
    if Capability.REPLY in manifest.capabilities or Capability.DIRECT in manifest.capabilities:
        assert Capability.PUBLISH in manifest.capabilities
    if Capability.PUBLISH in manifest.capabilities:
        assert all("{post}" in form for form in manifest.post_addresses)
        assert manifest.post_addresses, "else nobody could say where a post is"
    if Capability.DIRECT in manifest.capabilities:
        assert manifest.direct_addresses
        assert all("{post}" in form for form in manifest.direct_addresses)


@EVERY
def test_badges_and_titles_differ(name):
    others = [each for each in registry.manifests() if each.name != name]
    mine = registry.manifest(name)
    for language, badge in badges(mine).items():
        assert badge not in {badges(each)[language] for each in others}
    assert mine.title not in [each.title for each in others]


@EVERY
def test_the_connect_form_can_be_drawn_from_the_manifest(name):
    fields = registry.manifest(name).credentials
    assert len({field.name for field in fields}) == len(fields)
    for field in fields:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", field.name)
        assert set(field.label) == {"ko", "en"}
        assert all(field.label.values())
        assert not field.help or set(field.help) == {"ko", "en"}
        assert field.kind in FIELD_KINDS
        assert (field.kind == "password") == field.is_secret
        assert field.is_required or field.default, "what may be left out has a default"
    assert any(field.is_secret for field in fields)
    assert any(field.name == "base_url" for field in fields), "the server's address is always configurable"


@EVERY
def test_the_connector_has_every_member_of_the_contract(name):
    connector, _ = opened(name)
    members = {each for each in {**vars(Connector), **Connector.__annotations__} if not each.startswith("_")}
    assert {"publish", "find", "origin", "manifest"} <= members
    assert {each for each in members if not hasattr(connector, each)} == set()
    assert connector.manifest is registry.manifest(name)
    assert connector.origin
    assert set(connector.probes()) >= {"account"}


@EVERY
@pytest.mark.parametrize("capability", sorted(set(Capability) - SHOWN_BY_FIXTURES))
def test_what_is_declared_is_tried_and_what_is_not_is_unsupported(name, capability):
    connector, egress = opened(name)
    call = calls(connector, name)[capability]
    if capability in registry.manifest(name).capabilities:
        with pytest.raises(errors.Temporary):
            call()
        assert egress.asked, "without a network it tries, and says that surely nothing happened"
    else:
        with pytest.raises(errors.Unsupported):
            call()
        assert not egress.asked


@EVERY
def test_every_probe_makes_a_real_call(name):
    connector, _ = opened(name)
    for probe in connector.probes():
        fresh, egress = opened(name)
        with pytest.raises(errors.Temporary):
            fresh.probes()[probe]()
        assert egress.asked


@EVERY
@pytest.mark.parametrize("kind", KINDS)
def test_fixtures_come_in_pairs_and_are_run(name, kind):
    folder = ROOT / name / "tests" / "fixtures" / kind
    given = {path.name for path in folder.glob("*.json") if not path.name.endswith(".expected.json")}
    expected = {path.name.replace(".expected.json", ".json") for path in folder.glob("*.expected.json")}
    assert given == expected
    assert len(given) >= 3
    runner = (ROOT / name / "tests" / "test_fixtures.py").read_text(encoding="utf-8")
    assert f'"{kind}"' in runner


@EVERY
def test_fixtures_show_every_kind_of_item_that_is_declared(name):
    capabilities = registry.manifest(name).capabilities
    shown = [pair.expected for pair in pairs(ROOT / name / "tests", "inbound")]
    kinds = {each.get("kind", "unreadable") for each in shown if each}
    assert {"post", "unreadable"} <= kinds
    assert ("direct" in kinds) == (Capability.DIRECT in capabilities)
    assert ("deletion" in kinds) == (Capability.DELETIONS_SEEN in capabilities)
    posts = [each for each in shown if each and each.get("kind") == "post"]
    if Capability.IMAGES in capabilities:
        assert any(each.get("media") for each in posts)
    if Capability.ALT_TEXT in capabilities:
        assert any(media.get("alt") for each in posts for media in each.get("media", ()))
    if Capability.REPLY in capabilities:
        assert any(each.get("in_reply_to") for each in posts)
    revisions = {(each["remote_id"], each.get("revision")) for each in posts}
    has_edit = len({remote_id for remote_id, _ in revisions}) < len(revisions)
    assert has_edit == (Capability.EDITS_SEEN in capabilities)


@EVERY
def test_fixtures_show_every_error_that_decides_something(name):
    shown = {pair.expected["error"] for pair in pairs(ROOT / name / "tests", "errors") if pair.expected}
    assert {"Temporary", "RateLimited", "Rejected", "Unauthorized", "Gone", "Unknown"} <= shown


@EVERY
def test_the_readme_says_what_the_manifest_says(name):
    manifest = registry.manifest(name)
    text = (ROOT / name / "README.md").read_text(encoding="utf-8")
    parts = re.split(r"^## ", text, flags=re.M)
    sections = {part.partition("\n")[0].strip(): part.partition("\n")[2] for part in parts[1:]}
    assert {"Credentials", "What it can do", "Limits", "What it cannot do", "Posting once", "Tested against"} <= set(
        sections
    )
    for capability in Capability:
        section = "What it can do" if capability in manifest.capabilities else "What it cannot do"
        assert f"`{capability.value}`" in sections[section], f"{capability.value} belongs under {section}"
    for field in manifest.credentials:
        assert f"`{field.name}`" in sections["Credentials"]
    limits = manifest.limits
    numbers = [limits.text_max, limits.text_max_bytes, limits.images_max, limits.image_bytes_max, limits.alt_text_max]
    for number in numbers:
        assert not number or f"{number:,}" in sections["Limits"], f"{number:,} is missing under Limits"
    assert f"{int(limits.landing_time_max.total_seconds())} s" in sections["Limits"]


def test_networks_and_egress_never_import_django():
    sources = [*ROOT.rglob("*.py"), *(ROOT.parent / "egress").rglob("*.py")]
    for path in sources:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [each for each in modules if each.split(".")[0] == "django"], path
    script = (
        "import sys; from sotong.networks import registry;"
        "[registry.open_connector(m.name, {f.name: 'x' for f in m.credentials}) for m in registry.manifests()];"
        "sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False, cwd=ROOT.parents[1]).returncode == 0
