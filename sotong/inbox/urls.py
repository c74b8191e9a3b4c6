"""Addresses of the inbox, below ``/inbox/``. Reading pages are composed in ``screens``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from sotong.inbox.views import bulk, canned, changing, claims, images, replies

ONE: list[URLPattern | URLResolver] = [
    path("claim", claims.claim, name="claim"),
    path("release", claims.release, name="release"),
    path("take-over", claims.take, name="take_over"),
    path("reply", replies.reply, name="reply"),
    path("note", replies.note, name="note"),
    path("messages/<int:message_id>/undo", replies.undo, name="undo"),
    path("messages/<int:message_id>/take-back", replies.take_back, name="take_back"),
    path("draft", replies.draft, name="draft"),
    path("draft/image", images.draft_image, name="draft_image"),
    path("draft/images", images.draft_images, name="draft_images"),
    path("presence", changing.presence, name="presence"),
    path("resolve", changing.resolve, name="resolve"),
    path("reopen", changing.reopen, name="reopen"),
    path("snooze", changing.snooze, name="snooze"),
    path("assign", changing.assign, name="assign"),
    path("label", changing.label, name="label"),
]

app_name = "inbox"
urlpatterns: list[URLPattern | URLResolver] = [
    path("<int:conversation_id>/", include(ONE)),
    path("bulk", bulk.bulk, name="bulk"),
    path("media/<int:media_id>", images.media, name="media"),
    path("sent-media/<int:media_id>", images.sent_media, name="sent_media"),
    path("draft-images/<int:image_id>", images.draft_media, name="draft_media"),
    path("draft-images/<int:image_id>/describe", images.describe_image, name="describe_image"),
    path("draft-images/<int:image_id>/remove", images.remove_image, name="remove_image"),
    path("canned/", canned.canned, name="canned"),
    path("canned/new/", canned.write_canned, name="new_canned"),
    path("canned/<int:canned_id>/", canned.write_canned, name="change_canned"),
    path("canned/<int:canned_id>/remove", canned.remove_canned, name="remove_canned"),
]
