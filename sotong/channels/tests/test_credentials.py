"""Credentials at rest."""

from __future__ import annotations

import importlib
import json
import stat
import threading

import pytest
from django.db import connection

from sotong.channels import keys
from sotong.channels.actions.credentials import (
    ChannelSession,
    read_credentials,
    rotate_keys,
    set_credentials,
)
from sotong.channels.connectors import connector_for, way_out_for
from sotong.channels.forms import ConnectForm
from sotong.channels.tests.conftest import NOW
from sotong.egress.rules import parse_url
from sotong.networks import registry

SECRET = "planted-secret"


@pytest.fixture
def lone(make_channel):
    return make_channel("http://127.0.0.1:9")


@pytest.mark.django_db
def test_nothing_of_a_secret_is_in_the_row_the_repr_or_the_key_file(lone):
    ChannelSession(lone.pk).write({"token": SECRET})
    with connection.cursor() as cursor:
        cursor.execute("SELECT channels_channel::text FROM channels_channel")
        (row,) = cursor.fetchone()
    assert SECRET not in row
    assert SECRET.encode().hex() not in row
    assert read_credentials(lone)["token"] == SECRET
    ring = keys.keyring()
    for shown in (repr(lone), repr(ring), repr(connector_for(lone)), keys.key_file().read_text()):
        assert SECRET not in shown
    assert not any(key in repr(ring) for key in json.loads(keys.key_file().read_text())["keys"].values())


def test_the_key_file_is_its_owners_alone():
    keys.keyring()
    assert stat.S_IMODE(keys.key_file().stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.key_file().parent.stat().st_mode) == 0o700


@pytest.mark.django_db
@pytest.mark.parametrize("network", registry.NETWORKS)
@pytest.mark.parametrize(
    ("typed", "meant"), [("pds.example", "https://pds.example"), ("127.0.0.1:9", "http://127.0.0.1:9")]
)
def test_form_connector_and_way_out_agree_about_an_address_without_a_scheme(make_channel, network, typed, meant):
    manifest = registry.manifest(network)
    given = {"in-handle": "us", "in-app_password": "x", "in-token": "x", "in-base_url": typed}
    form = ConnectForm(given, manifest=manifest, is_renewal=True)
    assert form.is_valid()
    assert form.values()["base_url"] == meant
    server_of = importlib.import_module(f"sotong.networks.{network}.connector").server_of
    assert server_of({"base_url": typed}) == meant
    channel = make_channel("x", network=network)
    set_credentials(channel, {"base_url": typed})
    assert way_out_for(channel)._exempt == {parse_url(meant)[1]}


@pytest.mark.django_db
def test_a_sealed_value_opens_only_where_it_belongs(lone, make_channel):
    other = make_channel("http://127.0.0.1:9", account="other")
    other.credentials = lone.credentials
    with pytest.raises(keys.KeyMissing):
        read_credentials(other)
    lone.session = lone.credentials
    lone.save()
    with pytest.raises(keys.KeyMissing):
        ChannelSession(lone.pk).read()


@pytest.mark.django_db
def test_a_changed_byte_or_a_lost_key_is_a_clear_error(lone):
    sealed = bytes(lone.credentials)
    lone.credentials = sealed[:-1] + bytes([sealed[-1] ^ 1])
    with pytest.raises(keys.KeyMissing):
        read_credentials(lone)
    lone.credentials, lone.key_id = sealed, "k999"
    with pytest.raises(keys.KeyMissing, match="k999"):
        read_credentials(lone)


@pytest.mark.django_db
def test_rotation_changes_every_row_and_drops_keys_that_nothing_uses(lone):
    ChannelSession(lone.pk).write({"token": "t1"})
    before = keys.keyring().active
    assert rotate_keys(by=None, at=NOW) == 1
    lone.refresh_from_db()
    assert lone.key_id == keys.keyring().active != before
    assert read_credentials(lone)["token"] == SECRET
    assert ChannelSession(lone.pk).read() == {"token": "t1"}
    rotate_keys(by=None, at=NOW)
    assert before not in keys.keyring().keys


@pytest.mark.django_db
def test_a_worker_with_the_key_before_can_still_write_during_a_rotation(lone):
    ring = keys.keyring()
    rotate_keys(by=None, at=NOW)
    lone.refresh_from_db()
    lone.credentials, lone.key_id = ring.seal({"token": "late"}, f"channels.channel:{lone.pk}:credentials")
    lone.save()
    assert read_credentials(lone)["token"] == "late"
    assert rotate_keys(by=None, at=NOW) == 1
    lone.refresh_from_db()
    assert read_credentials(lone)["token"] == "late"


@pytest.mark.django_db
def test_new_credentials_end_the_old_session_and_the_kept_connector(lone):
    ChannelSession(lone.pk).write({"token": "old"})
    lone.refresh_from_db()
    first = connector_for(lone)
    assert connector_for(lone) is first
    set_credentials(lone, {"url": lone.origin, "account": "us", "token": "new"})
    lone.save()
    assert connector_for(lone) is not first
    assert ChannelSession(lone.pk).read() == {}


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_renew_at_once_renew_once(lone):
    """Each sees the old token; inside ``exclusive`` the second sees that the first renewed it."""
    ChannelSession(lone.pk).write({"token": 0})
    renewals: list[int] = []
    gate = threading.Barrier(4)

    def renew() -> None:
        session = ChannelSession(lone.pk)
        seen = session.read()["token"]
        gate.wait()
        with session.exclusive():
            now = session.read()["token"]
            if now == seen:
                session.write({"token": now + 1})
                renewals.append(now)
        connection.close()

    threads = [threading.Thread(target=renew) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert renewals == [0]
    assert ChannelSession(lone.pk).read() == {"token": 1}
