"""A small PDS that these tests script."""

from __future__ import annotations

from datetime import UTC, datetime

from sotong.networks.bluesky.connector import open_connector
from sotong.networks.contract import MemorySession, OutboundPost
from sotong.networks.tests.scripted import ScriptedEgress, says

DID = "did:plc:brandbrandbrandbrandbran"
KEY = "019d8a3c-5e80-7a3b-9c4d-0123456789ab"
URI = f"at://{DID}/app.bsky.feed.post/3mjgjxx4dv4hf"
NOW = datetime(2026, 4, 13, 9, 30, tzinfo=UTC)
POST = OutboundPost(text="안녕하세요", idempotency_key=KEY, created_at=NOW)


class Server:
    """A small PDS: tokens ``access-N``/``refresh-N``, of which only the latest pair is alive, and a few records."""

    def __init__(self):
        self.generation = 0
        self.password = "app-pass"
        self.records = {}
        self.answers = {}
        self.did_document = None
        self.egress = ScriptedEgress(self.answer)

    def tokens(self):
        return {
            "accessJwt": f"access-{self.generation}",
            "refreshJwt": f"refresh-{self.generation}",
            "did": DID,
            "handle": "brand.example",
            "didDoc": self.did_document,
        }

    def answer(self, asked):
        if asked.call in self.answers:
            scripted = self.answers[asked.call]
            answer = scripted.pop(0) if isinstance(scripted, list) else scripted
            if answer is not None:
                return answer
        bearer = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if asked.call == "com.atproto.server.createSession":
            if asked.json["password"] != self.password:
                return says({"error": "AuthenticationRequired"}, 401)
            self.generation += 1
            return says(self.tokens())
        if asked.call == "com.atproto.server.refreshSession":
            if bearer != f"refresh-{self.generation}":
                return says({"error": "ExpiredToken"}, 400)
            self.generation += 1
            return says(self.tokens())
        if bearer != f"access-{self.generation}":
            return says({"error": "ExpiredToken"}, 400)
        return self.authorized(asked)

    def authorized(self, asked):
        if asked.call == "com.atproto.repo.putRecord":
            rkey, record = asked.json["rkey"], asked.json["record"]
            assert asked.json["swapRecord"] is None
            if self.records.setdefault(rkey, record) != record:
                return says({"error": "InvalidSwap"}, 400)
            return says({"uri": f"at://{DID}/app.bsky.feed.post/{rkey}", "cid": "bafycid"})
        if asked.call == "com.atproto.repo.getRecord":
            rkey = asked.params["rkey"]
            if rkey not in self.records:
                return says({"error": "RecordNotFound"}, 400)
            uri = f"at://{DID}/app.bsky.feed.post/{rkey}"
            return says({"uri": uri, "cid": "bafycid", "value": self.records[rkey]})
        if asked.call == "com.atproto.server.getSession":
            return says({"did": DID, "handle": "brand.example"})
        if asked.call == "app.bsky.actor.getProfile":
            return says({"did": DID, "handle": "brand.example", "displayName": "브랜드"})
        return says({"error": "MethodNotImplemented"}, 501)


def connect(server, session=None, **credentials):
    given = {"handle": "@brand.example ", "app_password": "app-pass", "base_url": "https://pds.example/", **credentials}
    return open_connector(given, session or MemorySession(), egress=server.egress, now=lambda: NOW)
