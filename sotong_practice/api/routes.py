"""Every address of the API, and what each call is to the rate limits and the faults."""

from __future__ import annotations

from sotong_practice.api import accounts, administration, feed, messages, posts
from sotong_practice.api.call import Handler
from sotong_practice.routing import Route, Routes

API = Routes[Handler](
    [
        Route("POST", "/api/accounts", accounts.create),
        Route("GET", "/api/accounts", accounts.listed, "read"),
        Route("GET", "/api/accounts/by-id/{account_id}", accounts.show_by_id, "read"),
        Route("GET", "/api/accounts/{handle}", accounts.show, "read"),
        Route("GET", "/api/accounts/{handle}/posts", posts.of_account, "read"),
        Route("POST", "/api/accounts/{handle}/token", accounts.new_token),
        Route("DELETE", "/api/accounts/{handle}/token", accounts.revoke),
        Route("GET", "/api/me", accounts.me, "me"),
        Route("PATCH", "/api/me", accounts.change_me, "profile"),
        Route("POST", "/api/posts", posts.write, "post"),
        Route("GET", "/api/posts/by-key/{key}", posts.by_key, "by_key"),
        Route("GET", "/api/posts/{post_id}", posts.show, "read"),
        Route("PATCH", "/api/posts/{post_id}", posts.edit, "edit"),
        Route("DELETE", "/api/posts/{post_id}", posts.delete, "delete"),
        Route("GET", "/api/posts/{post_id}/thread", posts.thread, "read"),
        Route("PUT", "/api/posts/{post_id}/like", posts.like, "like"),
        Route("DELETE", "/api/posts/{post_id}/like", posts.unlike, "like"),
        Route("GET", "/api/by-key/{key}", messages.any_by_key, "by_key"),
        Route("POST", "/api/messages", messages.write, "direct"),
        Route("GET", "/api/messages/by-key/{key}", messages.by_key, "by_key"),
        Route("GET", "/api/messages/{message_id}", messages.show, "read"),
        Route("DELETE", "/api/messages/{message_id}", messages.delete, "delete"),
        Route("GET", "/api/exchanges", messages.exchanges, "read"),
        Route("GET", "/api/exchanges/{handle}", messages.exchange, "read"),
        Route("POST", "/api/media", feed.take_in, "media"),
        Route("GET", "/api/feed", feed.feed, "feed"),
        Route("GET", "/api/timeline", posts.timeline, "read"),
        Route("GET", "/api/search", posts.search, "read"),
        Route("GET", "/api/admin/settings", administration.settings),
        Route("PATCH", "/api/admin/settings", administration.change_settings),
        Route("GET", "/api/admin/faults", administration.faults),
        Route("DELETE", "/api/admin/faults", administration.switch_all_off),
        Route("PUT", "/api/admin/faults/{kind}", administration.switch_on),
        Route("DELETE", "/api/admin/faults/{kind}", administration.switch_off),
        Route("GET", "/api/admin/truth", administration.truth),
    ]
)
