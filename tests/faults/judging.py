"""Holds what the network says against the database and the log of the desk. Reads with SQL: no code of the product."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.faults.networks import Truth, Written

DELIVERIES = """
    SELECT m.token::text, d.state, d.problem, d.in_reply_to->>'remote_id', m.text, d.remote_id,
           (SELECT count(*) FROM inbox_message o WHERE o.remote_id = d.remote_id AND o.remote_id <> '')
    FROM channels_delivery d LEFT JOIN inbox_message m ON m.delivery_id = d.id WHERE d.channel_id = %s
"""
MESSAGES = "SELECT id, remote_id, revision, text, deleted_at IS NOT NULL FROM inbox_message WHERE direction = 'inbound'"
VERSIONS = "SELECT message_id, revision, text FROM inbox_messageversion"
ARRIVALS = "SELECT remote_id, version, kind, state FROM channels_arrival WHERE channel_id = %s"


@dataclass
class Report:
    """Each list names what broke a promise; ``waiting`` what is not settled yet; the rest is told."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    untrue: list[str] = field(default_factory=list)
    """A state that is not so: sent without effect, failed with one, a wrong version, what nobody wrote."""
    waiting: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)
    effects: int = 0
    received: int = 0
    gone_unread: int = 0

    @property
    def is_settled(self) -> bool:
        """Nothing waits, and what is missing is not merely late."""
        return not self.waiting and not self.lost


def read_log(log: Path) -> tuple[dict[str, str], set[str]]:
    """Of the desk: the acknowledged replies (token → text), and every text that was ever tried."""
    acknowledged: dict[str, str] = {}
    tried: set[str] = set()
    for line in log.read_text(encoding="utf-8").splitlines():
        step = json.loads(line)
        if "text" in step:
            tried.add(step["text"])
        if step["op"] == "ok":
            acknowledged[step["token"]] = step["text"]
    return acknowledged, tried


@dataclass(frozen=True)
class Kept:
    """What the desk was told and what the database holds."""

    acknowledged: dict[str, str]
    tried: set[str]
    deliveries: list[Any]
    messages: list[Any]
    versions: list[Any]
    arrivals: list[Any]


def read_kept(connection: psycopg.Connection[Any], channel: int, log: Path) -> Kept:
    """Read it all, before the network is read: whatever is called sent by then must be there."""
    acknowledged, _ = read_log(log)
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        deliveries = connection.execute(DELIVERIES, [channel]).fetchall()
        messages = connection.execute(MESSAGES).fetchall()
        versions = connection.execute(VERSIONS).fetchall()
        arrivals = connection.execute(ARRIVALS, [channel]).fetchall()
    return Kept(acknowledged, read_log(log)[1], deliveries, messages, versions, arrivals)


def judge(kept: Kept, truth: Truth, *, has_revisions: bool) -> Report:
    report = Report()
    _judge_out(kept, truth, report)
    _judge_in(kept, truth, report, has_revisions=has_revisions)
    return report


def _judge_out(kept: Kept, truth: Truth, report: Report) -> None:
    rows = {row[0]: row for row in kept.deliveries}
    report.effects = sum(truth.effects.values())
    for text, count in truth.effects.items():
        if count > 1:
            report.doubled.append(f"{count} times on the network: {text}")
        if text not in kept.tried:
            report.untrue.append(f"on the network, and nobody wrote it: {text}")
    for token, text in kept.acknowledged.items():
        row = rows.get(token)
        count = truth.effects[text]
        if row is None or row[4] is None:
            report.lost.append(f"acknowledged and not in the database: {text}")
            continue
        _, state, problem, target, _, _, copies = row
        report.states[state] += 1
        if copies > 1:
            report.doubled.append(f"{copies} messages for one post: {text}")
        if state == "sent" and not count:
            report.untrue.append(f"called sent, and not on the network: {text}")
        elif state == "failed":
            is_honest = problem == "Gone" and target in truth.inbound and truth.inbound[target].is_deleted
            if count:
                report.untrue.append(f"called failed, and on the network: {text}")
            elif not is_honest:
                report.unexplained.append(f"failed ({problem}): {text}")
        elif state == "unconfirmed":
            report.waiting.append(f"unconfirmed ({problem}): {text}")
        elif state != "sent":
            report.waiting.append(f"{state} ({problem}): {text}")
    unasked = [str(token) for token in rows if token not in kept.acknowledged]
    report.untrue += [f"a delivery that nobody acknowledged: {token}" for token in unasked]


def _judge_in(kept: Kept, truth: Truth, report: Report, *, has_revisions: bool) -> None:
    arrivals: dict[str, Counter[str]] = {}
    for remote_id, _version, kind, state in kept.arrivals:
        arrivals.setdefault(remote_id, Counter())[kind] += 1
        if state != "processed":
            report.waiting.append(f"an arrival that is {state}: {remote_id}")
    versions: dict[int, dict[str, list[str]]] = {}
    for message, revision, text in kept.versions:
        versions.setdefault(message, {}).setdefault(revision, []).append(text)
    messages: dict[str, list[Any]] = {}
    for row in kept.messages:
        messages.setdefault(row[1], []).append(row)
    report.received = len(messages)
    report.untrue += [f"in the inbox, and nobody wrote it: {name}" for name in messages if name not in truth.inbound]
    for name, written in truth.inbound.items():
        found = messages.get(name, [])
        if len(found) > 1:
            report.doubled.append(f"{len(found)} messages for {name}")
        elif found:
            pk, _, revision, text, is_deleted = found[0]
            history = versions.get(pk, {})
            history.setdefault(revision, []).append(text)
            _compare(name, written, history, is_deleted, report, has_revisions=has_revisions)
        elif written.is_deleted and set(arrivals.get(name, ())) == {"deletion"}:
            report.gone_unread += 1  # taken back before anyone could read it; the network no longer hands it out
        else:
            report.lost.append(f"not in the inbox: {name}")


def _compare(
    name: str,
    written: Written,
    history: dict[str, list[str]],
    is_deleted: bool,
    report: Report,
    *,
    has_revisions: bool,
) -> None:
    doubled = [revision for revision, texts in history.items() if len(texts) > 1]
    report.doubled += [f"revision {revision} of {name} twice" for revision in doubled]
    if is_deleted != written.is_deleted:
        report.lost.append(f"not seen as deleted: {name}")
    expected = {str(number): text for number, text in enumerate(written.texts, 1)}
    seen = {revision: texts[0] for revision, texts in history.items()}
    if not has_revisions:
        expected, seen = {"": written.texts[-1]}, {"": next(iter(seen.values()))}
    if any(expected.get(revision) != text for revision, text in seen.items()):
        report.untrue.append(f"another text than the network's: {name}")
    missing = set(expected) - set(seen)
    if missing and not written.is_deleted:
        report.lost.append(f"revisions {sorted(missing)} of {name}")
