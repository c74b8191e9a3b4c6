"""The networks of a fault run as their customers use them, and what they themselves say has happened.

Nothing here knows the product: posts are written and read back through each network's own interface.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from tests.servers.atproto_accounts import Account, AtprotoNetwork
from tests.servers.cutting_proxy import CuttingProxy
from tests.servers.practice_network import PracticeNetwork

CUSTOMERS = 20


@dataclass
class Written:
    """One thing that a customer wrote: its texts in order of revision, and whether its author took it back."""

    texts: list[str]
    is_deleted: bool = False


@dataclass
class Truth:
    """What a network says: ``inbound`` by id; ``effects`` of our account: how often each text stands there."""

    inbound: dict[str, Written] = field(default_factory=dict)
    effects: Counter[str] = field(default_factory=Counter)


class Network(Protocol):
    name: str
    mark: str
    """In every text of the present part of the run."""

    def values(self) -> dict[str, str]: ...
    def write(self, rng: random.Random, number: int) -> str: ...
    def truth(self) -> Truth: ...
    def last_effect(self) -> float: ...
    def stir(self, seed: int) -> None: ...
    def cut_answers(self) -> None: ...
    def slow(self, seconds: float) -> None: ...
    def calm(self) -> None: ...
    def injected(self) -> dict[str, int]: ...


class Practice:
    """The house's own practice network. A repeated key makes a further post there: nothing but the product itself
    keeps a post from being doubled.
    """

    name = "practice"
    brand = "sotong_care"

    def __init__(self, network: PracticeNetwork) -> None:
        self._network = network
        self.mark = "a"
        self._customers = [f"customer{number}" for number in range(CUSTOMERS)]
        for handle in self._customers:
            network.create_account(handle)
        self._posts: list[tuple[str, str, bool]] = []
        settings = {"writes_per_window": 1_000_000, "reads_per_window": 1_000_000, "idempotency": False}
        network.call("PATCH", "/api/admin/settings", settings)

    def values(self) -> dict[str, str]:
        return {"handle": self.brand, "name": "소통 상담"}

    def write(self, rng: random.Random, number: int) -> str:
        """One thing that a customer does; returns its kind."""
        text = f"@{self.brand} {self.mark}{number} 문의드려요"
        kind = rng.choices(["post", "reply", "direct", "edit", "delete"], [55, 15, 6, 18, 6])[0]
        if kind in {"reply", "edit", "delete"} and not self._posts:
            kind = "post"
        if kind == "direct":
            body = {"to": self.brand, "text": text}
            self._network.call("POST", "/api/messages", body, as_handle=rng.choice(self._customers))
            return kind
        if kind in {"post", "reply"}:
            handle, body = rng.choice(self._customers), {"text": text}
            if kind == "reply":
                body["reply_to"] = rng.choice([post for post in self._posts if not post[2]] or [self._new(text)])[0]
            made = self._network.call("POST", "/api/posts", body, as_handle=handle)
            self._posts.append((made["id"], handle, False))
            return kind
        place = rng.randrange(max(0, len(self._posts) - 60), len(self._posts))
        post, handle, is_gone = self._posts[place]
        if is_gone:
            self._new(text)
            return "post"
        if kind == "edit":
            self._network.call("PATCH", f"/api/posts/{post}", {"text": f"{text} (고침)"}, as_handle=handle)
        else:
            self._network.call("DELETE", f"/api/posts/{post}", as_handle=handle)
            self._posts[place] = (post, handle, True)
        return kind

    def _new(self, text: str) -> tuple[str, str, bool]:
        handle = self._customers[0]
        made = self._network.call("POST", "/api/posts", {"text": text}, as_handle=handle)
        self._posts.append((made["id"], handle, False))
        return self._posts[-1]

    def truth(self) -> Truth:
        found = Truth()
        ours = ""
        for line in self._network.truth():
            kind = line["kind"]
            if kind == "account" and line["handle"] == self.brand:
                ours = line["id"]
            elif kind in {"post", "reply", "direct"}:
                if line["account"] == ours:
                    found.effects[line["text"]] += 1
                else:
                    found.inbound[line["id"]] = Written([line["text"]])
            elif kind == "edit" and line["id"] in found.inbound:
                found.inbound[line["id"]].texts.append(line["text"])
            elif kind in {"delete", "direct_delete"} and line["id"] in found.inbound:
                found.inbound[line["id"]].is_deleted = True
        return found

    def last_effect(self) -> float:
        """When our account's last effect was written, in seconds of the epoch."""
        made = [line for line in self._network.truth() if line["kind"] in {"post", "reply", "direct"} and "key" in line]
        return max(datetime.fromisoformat(line["written"]).timestamp() for line in made)

    def stir(self, seed: int) -> None:
        """Answers that are lost, late or nonsense, with and without an effect behind them."""
        writes = ["post", "reply", "direct"]
        self._fault("latency", probability=1, seconds=0.02, operations=writes, seed=seed)
        self._fault("drop_before", probability=0.02, operations=writes, seed=seed)
        self._fault("drop_after", probability=0.03, operations=writes, seed=seed + 1)
        self._fault("late_effect", probability=0.02, seconds=1.5, operations=writes, seed=seed + 2)
        self._fault("html", probability=0.01, operations=writes, seed=seed + 3)
        self._fault("server_error", probability=0.02, seed=seed + 4)
        self._fault("duplicate_items", probability=0.1, operations=["feed"], seed=seed + 5)
        self._fault("reorder_items", probability=0.1, operations=["feed"], seed=seed + 6)

    def cut_answers(self) -> None:
        self._fault("drop_after", probability=0.3, operations=["post", "reply", "direct"], seed=1)

    def slow(self, seconds: float) -> None:
        self._fault("latency", probability=1, seconds=seconds, operations=["post", "reply", "direct"])

    def calm(self) -> None:
        self._network.call("DELETE", "/api/admin/faults")

    def injected(self) -> dict[str, int]:
        counts: dict[str, int] = self._network.call("GET", "/api/admin/faults")["injected"]
        return {kind: count for kind, count in counts.items() if kind != "latency"}

    def _fault(self, kind: str, **fields: Any) -> None:
        self._network.call("PUT", f"/api/admin/faults/{kind}", fields)


class Bluesky:
    """The real PDS and AppView, reached by the product through a proxy that can lose answers.

    Posts cannot be edited there, and deletions show in no list, so customers only write.
    """

    name = "bluesky"

    def __init__(self, network: AtprotoNetwork, proxy: CuttingProxy) -> None:
        self._network, self._proxy = network, proxy
        self.mark = "a"
        self._brand = network.create_account("brand")
        self._customers = [network.create_account(f"customer{number}") for number in range(CUSTOMERS)]
        self._roots: list[tuple[Account, dict[str, str]]] = []
        self._over = threading.Event()

    def values(self) -> dict[str, str]:
        return {
            "handle": self._brand.handle,
            "app_password": self._brand.app_password,
            "base_url": self._proxy.url,
        }

    def write(self, rng: random.Random, number: int) -> str:
        text = f"@{self._brand.handle} {self.mark}{number} 문의드려요"
        if self._roots and rng.random() < 0.2:
            customer, root = rng.choice(self._roots)
            at = len(f"@{self._brand.handle}".encode())
            facet = {
                "index": {"byteStart": 0, "byteEnd": at},
                "features": [{"$type": "app.bsky.richtext.facet#mention", "did": self._brand.did}],
            }
            reference = {"uri": root["uri"], "cid": root["cid"]}
            self._network.post(customer, text, facets=[facet], reply={"root": reference, "parent": reference})
            return "reply"
        customer = rng.choice(self._customers)
        self._roots.append((customer, self._network.mention(customer, self._brand, text)))
        return "post"

    def truth(self) -> Truth:
        found = Truth()
        found.effects.update(record["value"]["text"] for record in self._network.posts_of(self._brand))
        for customer in self._customers:
            for record in self._network.posts_of(customer):
                found.inbound[record["uri"]] = Written([record["value"]["text"]])
        return found

    def last_effect(self) -> float:
        """When our repository was last written, in seconds of the epoch: its revision is a time."""
        revision = self._network.query("com.atproto.sync.getLatestCommit", {"did": self._brand.did})["rev"]
        number = 0
        for letter in revision:
            number = number * 32 + "234567abcdefghijklmnopqrstuvwxyz".index(letter)
        return (number >> 10) / 1_000_000

    def stir(self, seed: int) -> None:
        """Of about every fifteenth post the answer is lost after its effect, or the request before it."""
        self._cut(random.Random(seed), 15)

    def cut_answers(self) -> None:
        self._cut(random.Random(1), 2)

    def _cut(self, rng: random.Random, every: int) -> None:
        self.calm()
        self._over = over = threading.Event()

        def work() -> None:
            passed = len(self._proxy.seen)
            while not over.wait(0.05):
                if sum("putRecord" in line for line in self._proxy.seen[passed:]) >= rng.randint(1, 2 * every - 1):
                    cut = self._proxy.drop_answer if rng.random() < 0.7 else self._proxy.drop_request
                    cut("putRecord")
                    passed = len(self._proxy.seen)

        threading.Thread(target=work, daemon=True).start()

    def slow(self, seconds: float) -> None:
        """The real server is slow enough by itself."""

    def calm(self) -> None:
        self._over.set()
        self._proxy.drop_answer("")
        self._proxy.drop_request("")

    def injected(self) -> dict[str, int]:
        return {"cut": self._proxy.dropped}
