"""Addresses of people. allauth's views are taken one by one: what is not listed here does not exist."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import URLPattern, URLResolver, include, path

from sotong.access import declare
from sotong.people.views import first_run, identity, inviting, oneself, staff, teams

OURS: list[URLPattern | URLResolver] = [
    path("first-run/<str:token>/", first_run.first_run, name="first_run"),
    path("welcome/", first_run.welcome, name="welcome"),
    path("invitation/<str:token>/", inviting.invitation, name="invitation"),
    path("password/<str:token>/", inviting.new_password, name="new_password"),
    path("me/", oneself.me, name="me"),
    path("me/theme/", oneself.theme, name="theme"),
    path("me/sessions/end/", oneself.end_other, name="end_session"),
    path("company/", oneself.company, name="company"),
    path("people/", staff.people, name="list"),
    path("people/invite/", inviting.invite, name="invite"),
    path("people/invitations/<int:pk>/renew", inviting.renew, name="renew_invitation"),
    path("people/invitations/<int:pk>/withdraw", inviting.withdraw, name="withdraw_invitation"),
    path("people/teams/", teams.teams, name="teams"),
    path("people/teams/new/", teams.new_team, name="new_team"),
    path("people/teams/<int:pk>/", teams.team, name="team"),
    path("people/teams/<int:pk>/remove", teams.remove_team, name="remove_team"),
    path("people/<int:pk>/", staff.person, name="person"),
    path("people/<int:pk>/standing", staff.standing, name="standing"),
    path("people/<int:pk>/teams", staff.joining, name="joining"),
    path("people/<int:pk>/leave", staff.leaving, name="leaving"),
    path("people/<int:pk>/return", staff.returning, name="returning"),
    path("people/<int:pk>/reset-link", staff.resetting, name="resetting"),
    path("people/<int:pk>/second-factors/remove", staff.losing, name="losing"),
    path("people/<int:pk>/sign-out", staff.signing_out, name="signing_out"),
]

SIGN_IN: list[URLPattern | URLResolver] = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("2fa/webauthn/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("2fa/webauthn/add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("2fa/webauthn/reauthenticate/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/edit/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("2fa/webauthn/login/", webauthn.login_webauthn, name="mfa_login_webauthn"),
]

PUBLIC = {"account_login", "account_inactive", "mfa_authenticate", "mfa_login_webauthn", "account_logout"}
for _pattern in SIGN_IN:
    declare(str(getattr(_pattern, "name", "")), "public" if getattr(_pattern, "name", "") in PUBLIC else "signed_in")

# The names and the second address are those that allauth tells the provider.
PROVIDER: list[URLPattern | URLResolver] = [
    path("oidc/<slug:provider_id>/login/", identity.leave, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", identity.arrive, name="openid_connect_callback"),
]

SECURITY = path("me/security/", oneself.SecurityView.as_view(), name="mfa_index")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((OURS, "people"))),
    SECURITY,
    path("accounts/", include(SIGN_IN + PROVIDER)),
]
