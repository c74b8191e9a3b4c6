"""How allauth behaves here: nobody signs up by themselves, secrets are kept encrypted, words are ours."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthError
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from sotong.audit.actions import record
from sotong.people.models import Person
from sotong.people.queries import company
from sotong.people.rules import address_of

SAID: dict[str, Any] = {
    "account/messages/password_changed.txt": _("비밀번호를 바꿨어요. 다른 기기에서는 다시 들어와야 해요."),
    "mfa/messages/totp_activated.txt": _("인증 앱을 켰어요. 다음부터 번호를 함께 물어봐요."),
    "mfa/messages/totp_deactivated.txt": _("인증 앱을 껐어요."),
    "mfa/messages/webauthn_added.txt": _("패스키를 더했어요."),
    "mfa/messages/webauthn_removed.txt": _("패스키를 지웠어요."),
    "mfa/messages/recovery_codes_generated.txt": _("새 복구 번호를 만들었어요. 이 번호만 쓸 수 있어요."),
}
"""What we say of what allauth did. The rest it may keep to itself."""

WAYS: dict[str, Any] = {
    "reauthenticate": _("비밀번호로 확인하기"),
    "mfa_reauthenticate": _("인증 앱이나 복구 번호로 확인하기"),
    "mfa_reauthenticate:webauthn": _("패스키로 확인하기"),
}

MISMATCH = _("이메일이나 비밀번호가 맞지 않아요.")
TOO_MANY = _("잠시 뒤에 다시 해 주세요. 짧은 시간에 너무 많이 틀렸어요.")
WRONG_CODE = _("번호가 맞지 않아요. 인증 앱에 지금 보이는 번호를 넣어 주세요.")


PROVIDER_SILENT = _("회사 계정 서버가 답하지 않아요. 잠시 뒤에 다시 하거나, 이메일과 비밀번호로 들어가 주세요.")
PROVIDER_STOPPED = _("회사 계정으로 들어오지 못했어요. 아래 단추로 다시 해 주세요.")
PROVIDER_CANCELLED = _("회사 계정으로 들어오기를 그만두셨어요.")
UNKNOWN_HERE = _("그 회사 계정의 이메일로 초대받은 사람이 없어요. 관리자에게 초대를 부탁해 주세요.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts come from the first-run link and from invitations only."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": MISMATCH,
        "email_password_mismatch": MISMATCH,
        "enter_current_password": _("지금 비밀번호가 맞지 않아요."),
        "incorrect_password": _("비밀번호가 맞지 않아요."),
        "incorrect_code": WRONG_CODE,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(  # noqa: PLR0917 (allauth's signature)
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Our own words for what happened; silence about the obvious."""
        words = message or SAID.get(message_template or "")
        if words:
            messages.add_message(request, level, words, extra_tags=extra_tags)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Passwords have a limit of their own: that of second factors would let strangers shut someone out."""
        key = address_of(str(credentials.get("email", "")))
        usage = ratelimit.consume(request, app="allauth.account", action="password_failed", key=key)
        self._login_failed_rl_usage = usage
        if not usage:
            raise self.validation_error("too_many_login_attempts")

    def get_reauthentication_methods(self, user: Person) -> list[dict[str, Any]]:
        """The ways to prove that it is still oneself, in our words."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [{**way, "description": WAYS[way["id"]]} for way in ways]

    def reauthenticate(self, user: Person, password: str) -> bool:
        """Whether this is the person's password; counts against the same lock as signing in."""
        again = self.authenticate(self.request, email=user.email, password=password)
        return again is not None and again.pk == user.pk


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """An identity provider signs known people in; it never makes new ones.

    The first time, it must say that it verified the address; from then on its own number for the person counts.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        """Never allauth's own way: it takes the word "false" for verified, and throws the password away."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find out who came. Raises ``ImmediateHttpResponse`` back to the sign-in for somebody unknown."""
        if sociallogin.state.get("process") != "login":
            raise _back(request, PROVIDER_STOPPED)
        if sociallogin.is_existing:
            return
        verified = [address_of(item.email) for item in sociallogin.email_addresses if item.verified is True]
        person = Person.objects.filter(email__in=verified).first()
        if person is None:
            raise _back(request, UNKNOWN_HERE)
        with transaction.atomic():
            sociallogin.connect(request, person)
            record("people.connect_identity", by=person, subject=person, provider=sociallogin.account.provider)

    def on_authentication_error(
        self, request: HttpRequest, provider: object, error: str | None = None, **more: object
    ) -> None:
        """Cancelled, forged, or gone wrong at the provider: back to the sign-in, in words."""
        raise _back(request, PROVIDER_CANCELLED if error == AuthError.CANCELLED else PROVIDER_STOPPED)


def _back(request: HttpRequest, words: Any) -> ImmediateHttpResponse:
    messages.error(request, words)
    return ImmediateHttpResponse(redirect("account_login"))


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keys of authenticator apps and recovery codes are encrypted with a key made from the site's secret key."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "cannot_generate_recovery_codes": _("인증 앱이나 패스키를 먼저 켜 주세요."),
    }

    def encrypt(self, text: str) -> str:
        return _keys().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        return _keys().decrypt(encrypted_text.encode("ascii")).decode()

    def get_totp_issuer(self) -> str:
        """What the authenticator app shows above the number."""
        house = company()
        return f"Sotong · {house.name}" if house else "Sotong"

    def generate_authenticator_name(self, user: Person, type: Any) -> str:
        """A first name for a new passkey; the person may change it."""
        return str(_("내 패스키"))


def _keys() -> MultiFernet:
    """The first key encrypts; those of former secret keys still decrypt."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(str(secret))) for secret in secrets])


def _key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.blake2b(secret.encode(), digest_size=32, person=b"sotong.2fa").digest())
