"""``sotong networks``: the manifests, in short."""

from __future__ import annotations

import argparse

from sotong.cli.words import say
from sotong.networks.registry import manifests


def run(arguments: argparse.Namespace) -> int:
    for manifest in manifests():
        able = ", ".join(sorted(manifest.capabilities))
        longest = f"{manifest.limits.text_max} {manifest.limits.text_unit}"
        say(
            f"{manifest.name:<12} {manifest.title['ko']} · 글 길이 {longest} · {able}",
            f"{manifest.name:<12} {manifest.title['en']} · up to {longest} · {able}",
        )
    return 0
