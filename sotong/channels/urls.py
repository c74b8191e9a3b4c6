"""Addresses of channels."""

from __future__ import annotations

from django.urls import path

from sotong.channels.views import arrivals, braking, channel, connecting, doubtful, listing, public

app_name = "channels"
urlpatterns = [
    path("channels/", listing.channels, name="list"),
    path("channels/connect/", connecting.networks, name="connect"),
    path("channels/connect/<slug:network>/", connecting.connect, name="connect"),
    path("channels/connecting/<int:pk>/", connecting.progress, name="connecting"),
    path("channels/practice/open", connecting.practice, name="open_practice"),
    path("channels/doubtful/", doubtful.doubtful, name="doubtful"),
    path("channels/doubtful/<int:pk>/look", doubtful.look, name="look"),
    path("channels/doubtful/<int:pk>/there", doubtful.there, name="there"),
    path("channels/doubtful/<int:pk>/mistaken", doubtful.mistaken, name="mistaken"),
    path("channels/doubtful/<int:pk>/again", doubtful.again, name="again"),
    path("channels/doubtful/<int:pk>/leave", doubtful.leave, name="leave"),
    path("channels/doubtful/release", doubtful.release, name="release"),
    path("channels/brake", braking.put, name="brake"),
    path("channels/brake/explain", braking.explain, name="explain_brake"),
    path("channels/brake/lift", braking.lift, name="lift_brake"),
    path("channels/arrivals/<int:pk>/raw", arrivals.raw, name="raw"),
    path("channels/<int:pk>/", channel.channel, name="channel"),
    path("channels/<int:pk>/change/", channel.change, name="change"),
    path("channels/<int:pk>/sign-in/", connecting.renew, name="sign_in"),
    path("channels/<int:pk>/mode", channel.mode, name="mode"),
    path("channels/<int:pk>/examine", channel.examine, name="examine"),
    path("channels/<int:pk>/close", channel.close, name="close"),
    path("channels/<int:pk>/keep", channel.keep, name="keep"),
    path("channels/<int:pk>/replay", arrivals.replay, name="replay"),
    path("official-accounts", public.official_accounts, name="official_accounts"),
    path("official-accounts.json", public.official_accounts_json, name="official_accounts_json"),
]
