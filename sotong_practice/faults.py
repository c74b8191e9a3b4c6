"""The faults that can be switched on. A plan decides by seed which requests are struck; the truth file counts them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

OPERATIONS = (
    "post", "reply", "direct", "edit", "delete", "like", "media", "profile", "feed", "read", "by_key", "me",
)  # fmt: skip

WRITES = frozenset({"post", "reply", "direct", "edit", "delete", "like", "media", "profile"})


@dataclass(frozen=True, kw_only=True)
class Kind:
    """``fields``: its own settings with their defaults. ``operations``: where it makes sense."""

    title: tuple[str, str]
    fields: Mapping[str, Any] = field(default_factory=dict)
    operations: frozenset[str] = frozenset(OPERATIONS)


FEED_ONLY = frozenset({"feed"})

KINDS: dict[str, Kind] = {
    "latency": Kind(title=("답이 늦게 와요", "The answer comes late"), fields={"seconds": 2.0}),
    "drop_before": Kind(title=("하기 전에 끊겨요", "Closed before the effect")),
    "drop_after": Kind(title=("한 뒤에 답 없이 끊겨요", "Closed after the effect, no answer")),
    "hang": Kind(title=("한 뒤에 답이 없어요", "Done, but no answer for long"), fields={"seconds": 60.0}),
    "late_effect": Kind(
        title=("끊긴 뒤 나중에 올라가요", "Closed; the effect lands later"),
        fields={"seconds": 10.0},
        operations=frozenset({"post", "reply", "direct"}),
    ),
    "late_visible": Kind(
        title=("올린 글이 나중에 보여요", "Answered; visible only later"),
        fields={"seconds": 10.0},
        operations=frozenset({"post", "reply", "direct"}),
    ),
    "rate_limited": Kind(title=("잠깐 쉬라고 해요 (429)", "Told to slow down (429)"), fields={"seconds": 30.0}),
    "server_error": Kind(title=("서버 오류 (5xx)", "Server error (5xx)"), fields={"status": 503, "after": False}),
    "html": Kind(title=("200인데 HTML이 와요", "200 with an HTML page"), fields={"after": True}),
    "truncated_json": Kind(title=("답이 중간에 끝나요", "JSON that ends in the middle")),
    "short_body": Kind(title=("길이보다 덜 와요", "Fewer bytes than announced")),
    "revoked_token": Kind(title=("토큰이 취소됐다고 해요", "401: the token was revoked")),
    "malformed_item": Kind(title=("피드에 깨진 항목이 섞여요", "A malformed item in the feed"), operations=FEED_ONLY),
    "hostile_item": Kind(title=("피드에 나쁜 항목이 섞여요", "A hostile item in the feed"), operations=FEED_ONLY),
    "duplicate_items": Kind(title=("피드 항목이 되풀이돼요", "Feed items repeated"), operations=FEED_ONLY),
    "reorder_items": Kind(title=("피드 순서가 섞여요", "Feed items out of order"), operations=FEED_ONLY),
}
"""In the order in which they are tried: the first that ends a request wins."""


@dataclass(kw_only=True)
class Fault:
    """One kind, switched on. ``probability`` 0 to 1; ``limit``: strike at most so often, None for ever."""

    kind: str
    probability: float
    seed: int
    operations: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    limit: int | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    struck: int = 0

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311  repeatability is the point

    def strikes(self, operation: str, handle: str) -> bool:
        """Whether this request is struck. Each request that fits uses up one number of the seed's series."""
        if operation not in (self.operations or KINDS[self.kind].operations):
            return False
        if operation not in KINDS[self.kind].operations or (self.accounts and handle not in self.accounts):
            return False
        if self.limit is not None and self.struck >= self.limit:
            return False
        return self._chance.random() < self.probability

    def pick(self, count: int) -> int:
        """A number below ``count`` from the same series: which odd item, which order."""
        return self._chance.randrange(count)

    def shown(self) -> dict[str, Any]:
        values = asdict(self)
        values["operations"] = list(self.operations)
        values["accounts"] = list(self.accounts)
        values.pop("struck")
        return {**values.pop("fields"), **values, "injected": self.struck}


class FaultPlan:
    """All faults that are on, and how often each kind ever struck."""

    def __init__(self) -> None:
        self.active: dict[str, Fault] = {}
        self.injected: dict[str, int] = {}

    def apply(self, record: Mapping[str, Any]) -> None:
        """Takes in a ``fault_set`` or ``fault`` record, live or at the start."""
        kind = record["fault"]
        if record["kind"] == "fault":
            self.injected[kind] = self.injected.get(kind, 0) + 1
            if kind in self.active:
                self.active[kind].struck += 1
        elif record["on"]:
            setting = dict(record["setting"])
            setting["operations"] = tuple(setting["operations"])
            setting["accounts"] = tuple(setting["accounts"])
            self.active[kind] = Fault(kind=kind, **setting)
        else:
            self.active.pop(kind, None)

    def striking(self, operation: str, handle: str) -> list[Fault]:
        """The faults that strike this request, in the order of ``KINDS``."""
        ordered: Iterable[str] = (kind for kind in KINDS if kind in self.active)
        return [self.active[kind] for kind in ordered if self.active[kind].strikes(operation, handle)]
