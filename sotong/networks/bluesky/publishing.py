"""What goes out: look up what the record needs, upload its images, then write it once at a key chosen before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sotong.networks import errors
from sotong.networks.bluesky import parse, render
from sotong.networks.bluesky.client import Client
from sotong.networks.bluesky.faults import Occupied, RecordMissing
from sotong.networks.bluesky.reading import listed
from sotong.networks.bluesky.signin import SignIn, Tokens
from sotong.networks.contract import Media, OutboundPost, PostRef, Receipt
from sotong.networks.foreign import Malformed


class Publishing:
    """Everything before the last call has no effect that anyone sees, so its failures are sure ones."""

    def __init__(self, sign_in: SignIn) -> None:
        self._sign_in = sign_in

    def publish(self, post: OutboundPost) -> Receipt:
        render.check(post)
        rkey = render.record_key(post.idempotency_key)
        reply = self._reply_refs(post.in_reply_to) if post.in_reply_to else None
        dids = self._resolve(render.mentioned_handles(post.text))
        blobs = [self._upload(media) for media in post.media]
        record = render.record(post, dids=dids, blobs=blobs, reply=reply)
        try:
            answer: Mapping[str, Any] = self._sign_in.call(
                lambda client, tokens: client.put_new_record(tokens.access, tokens.did, rkey, record)
            )
        except Occupied:
            found = self.own_record(rkey)
            if found is None or not render.is_same_post(record, found.get("value")):
                raise errors.Rejected("another post lies at this record key") from None
            answer = found
        try:
            return receipt({**answer, "value": record})
        except Malformed as error:
            raise errors.Unknown("the server took the post and did not say where it is") from error

    def find(self, idempotency_key: str) -> Receipt | None:
        found = self.own_record(render.record_key(idempotency_key))
        try:
            return receipt(found) if found is not None else None
        except Malformed as error:
            raise errors.Temporary("the server's record has no address") from error

    def own_record(self, rkey: str) -> Mapping[str, Any] | None:
        """Our record at that key, from our own server, which alone knows at once."""
        try:
            return self._sign_in.call(lambda client, tokens: client.get_record(tokens.access, tokens.did, rkey))
        except RecordMissing:
            return None

    def _upload(self, media: Media) -> dict[str, Any]:
        return self._sign_in.call(
            lambda client, tokens: client.upload_blob(tokens.access, media.content or b"", media.mime)
        )

    def _resolve(self, handles: Sequence[str]) -> dict[str, str]:
        """The DIDs of the handles that exist; a name that is nobody's stays plain text."""
        found = {handle: self._resolve_one(handle) for handle in handles}
        return {handle: did for handle, did in found.items() if did}

    def _resolve_one(self, handle: str) -> str:
        try:
            return self._sign_in.call(lambda client, tokens: client.resolve_handle(tokens.access, handle))
        except (errors.Rejected, errors.Gone):
            return ""

    def _reply_refs(self, target: PostRef) -> dict[str, Any]:
        """Strong references to the root and the parent. The parent is looked up: it alone knows its root's cid."""
        try:
            did, _, rkey = parse.split_uri(target.remote_id)
        except Malformed as error:
            raise errors.Rejected("not the address of a post on this network") from error

        def look(client: Client, tokens: Tokens) -> Mapping[str, Any]:
            if did == tokens.did:  # the AppView learns of our own posts only a little later
                found = client.get_record(tokens.access, did, rkey)
                return {"cid": found.get("cid"), "record": found.get("value")}
            views, _ = listed(client.get_posts(tokens.access, [target.remote_id]), "posts")
            if not views or not isinstance(views[0], dict):
                raise errors.Gone("the post to reply to is not there")
            return views[0]

        view = self._sign_in.call(look)
        record, cid = view.get("record"), view.get("cid")
        if not isinstance(record, dict) or not isinstance(cid, str):
            raise errors.Temporary("the post to reply to came without its record")
        parent = {"uri": target.remote_id, "cid": cid}
        return {"root": _root(record) or parent, "parent": parent}


def receipt(answer: Mapping[str, Any]) -> Receipt:
    """The receipt of a record (``uri``, ``cid``, ``value``). Raises ``Malformed``."""
    uri, cid, value = answer.get("uri"), answer.get("cid"), answer.get("value")
    if not isinstance(uri, str) or not isinstance(cid, str):
        raise Malformed("a record without an address")
    root = _root(value) if isinstance(value, dict) else None
    return Receipt(remote_id=uri, url=parse.web_url(uri), revision=cid, thread_ref=root["uri"] if root else uri)


def _root(record: Mapping[str, Any]) -> dict[str, str] | None:
    reply = record.get("reply")
    root = reply.get("root") if isinstance(reply, dict) else None
    if isinstance(root, dict) and isinstance(root.get("uri"), str) and isinstance(root.get("cid"), str):
        return {"uri": root["uri"], "cid": root["cid"]}
    return None
