"""The connector against a scripted server: tokens, their renewal, and where they may never go."""

from __future__ import annotations

import pytest

from sotong.networks import errors
from sotong.networks.bluesky.signin import own_server
from sotong.networks.bluesky.tests.server import DID, POST, URI, connect
from sotong.networks.contract import MemorySession
from sotong.networks.tests.scripted import says


def test_one_sign_in_serves_many_calls_and_many_connectors(server):
    session = MemorySession()
    for _ in range(3):
        connect(server, session).whoami()
    assert len(server.egress.calls("com.atproto.server.createSession")) == 1


def test_a_renewed_pair_is_stored_before_it_is_used(server):
    class Recording(MemorySession):
        writes = []

        def write(self, values):
            self.writes.append((len(server.egress.asked), values["access"]))
            super().write(values)

    session = Recording()
    connector = connect(server, session)
    connector.whoami()
    server.answers["com.atproto.server.getSession"] = [says({"error": "ExpiredToken"}, 400), None]
    connector.whoami()
    first_use = next(
        position
        for position, asked in enumerate(server.egress.asked)
        if asked.headers.get("authorization") == "Bearer access-2"
    )
    written_at, access = session.writes[-1]
    assert access == "access-2"
    assert written_at <= first_use


def test_a_lost_renewal_race_takes_the_winners_tokens_and_does_not_sign_in_again(server):
    session = MemorySession()
    loser = connect(server, session)
    loser.whoami()
    refused = loser._sign_in.tokens()
    before = len(server.egress.calls("com.atproto.server.createSession"))

    real = server.answer

    def winner_comes_first(asked):
        if asked.call == "com.atproto.server.refreshSession" and not server.egress.calls("x"):
            server.generation += 1
            session.write({**session.read(), "access": "access-2", "refresh": "refresh-2"})
            server.egress._answer = real
        return real(asked)

    server.egress._answer = winner_comes_first
    assert loser._sign_in.renew(refused).access == "access-2"
    assert loser.whoami().remote_id == DID
    assert len(server.egress.calls("com.atproto.server.createSession")) == before


def test_when_both_tokens_are_dead_the_app_password_signs_in_again(server):
    session = MemorySession()
    connector = connect(server, session)
    connector.whoami()
    server.generation = 7
    assert connector.publish(POST).remote_id == URI
    assert len(server.egress.calls("com.atproto.server.createSession")) == 2


def test_a_dead_password_is_unauthorized_and_is_tried_once(server):
    connector = connect(server, app_password="old")
    with pytest.raises(errors.Unauthorized):
        connector.publish(POST)
    assert len(server.egress.asked) == 1


def test_a_server_that_refuses_even_fresh_tokens_is_not_asked_for_ever(server):
    server.answers["com.atproto.server.getSession"] = says({"error": "ExpiredToken"}, 400)
    with pytest.raises(errors.Unauthorized):
        connect(server).whoami()
    assert len(server.egress.asked) <= 4


def test_tokens_of_other_credentials_are_never_used(server):
    session = MemorySession()
    connect(server, session).whoami()
    other = connect(server, session, handle="other.example")
    other.whoami()
    assert server.egress.calls("com.atproto.server.createSession")[-1].json["identifier"] == "other.example"
    elsewhere = connect(server, session, base_url="https://elsewhere.example")
    elsewhere.whoami()
    assert server.egress.calls("com.atproto.server.createSession")[-1].url.startswith("https://elsewhere.example/")


def test_calls_go_to_the_accounts_own_server_when_its_document_names_one(server):
    service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": "https://own.example"}
    server.did_document = {"service": [service]}
    connect(server).whoami()
    urls = [asked.url for asked in server.egress.asked]
    assert urls[0].startswith("https://pds.example/")
    assert all(url.startswith("https://own.example:443/") for url in urls[1:])


@pytest.mark.parametrize(
    "document",
    [
        None,
        {},
        {"service": 7},
        {"service": [7, {"id": "#atproto_pds", "serviceEndpoint": "http://127.0.0.1:5432"}]},
        {"service": [{"id": "#atproto_pds", "serviceEndpoint": "https://u:p@x.example"}]},
    ],
)
def test_a_document_cannot_send_tokens_in_clear_text_or_to_nowhere(document):
    assert own_server(document) == ""
