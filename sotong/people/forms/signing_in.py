"""Signing in and changing one's password: allauth's forms in our words."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm as AllauthSignInForm
from allauth.account.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthProveSecondFactorForm
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateForm
from axes.conf import settings as axes_settings
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sotong.people.adapters import MISMATCH
from sotong.people.forms.founding import FILL_IN, AddressField
from sotong.people.forms.passwords import NewPasswordField


class SignInForm(AllauthSignInForm):  # type: ignore[misc]
    """E-mail and password. Says how many tries are left, whoever the address belongs to."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"] = AddressField(widget=forms.EmailInput())
        mail, secret = self.fields["login"], self.fields["password"]
        mail.label, secret.label, secret.help_text = _("이메일"), _("비밀번호"), ""
        mail.widget.attrs = {"type": "email", "autocomplete": "username", "spellcheck": "false", "autofocus": ""}
        secret.widget.attrs = {"autocomplete": "current-password"}
        mail.error_messages.update(required=FILL_IN, invalid=_("이메일 주소처럼 보이지 않아요."))
        secret.error_messages["required"] = FILL_IN

    def _clean_with_password(self, credentials: dict[str, Any]) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super()._clean_with_password(credentials)
        except ValidationError as refused:
            if getattr(refused, "code", "") != "email_password_mismatch":
                raise
            self.add_error("password", self._mismatch(credentials))
            return dict(self.cleaned_data)
        return cleaned

    def _mismatch(self, credentials: dict[str, Any]) -> str:
        """The same words for a known and an unknown address."""
        known = {"username": credentials.get("email"), "email": credentials.get("email")}
        left = axes_settings.AXES_FAILURE_LIMIT - AxesProxyHandler.get_failures(self.request, known)
        if 0 < left <= 3:
            return f"{MISMATCH} {_('%d번 더 해 볼 수 있어요.') % left}"
        return str(MISMATCH)


class ChangePasswordForm(AllauthChangePasswordForm):  # type: ignore[misc]
    """The old password once, the new one once: the eye button shows what was typed."""

    password1 = NewPasswordField(label=_("새 비밀번호"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["password2"]
        old = self.fields["oldpassword"]
        old.label, old.help_text, old.widget.attrs = _("지금 비밀번호"), "", {"autocomplete": "current-password"}
        for field in self.fields.values():
            field.error_messages["required"] = FILL_IN

    def clean_password1(self) -> str:
        """Judged beside the person's own name and address."""
        return str(get_adapter().clean_password(self.cleaned_data["password1"], user=self.user))


class ProveForm(AllauthReauthenticateForm):  # type: ignore[misc]
    """The password again, before something that opens doors."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        secret = self.fields["password"]
        secret.label, secret.help_text, secret.widget.attrs = _("비밀번호"), "", {"autocomplete": "current-password"}
        secret.error_messages["required"] = FILL_IN


def _as_code(form: forms.Form) -> None:
    """Digits on the phone's keyboard, offered by the phone where it can."""
    code = form.fields["code"]
    code.label = _("번호")
    code.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": ""}
    code.error_messages["required"] = FILL_IN


class SecondFactorForm(AllauthAuthenticateForm):  # type: ignore[misc]
    """The number of an authenticator app, or a recovery code."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _as_code(self)


class ProveSecondFactorForm(AllauthProveSecondFactorForm):  # type: ignore[misc]
    """The same, before something that opens doors."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _as_code(self)


class ActivateAppForm(AllauthActivateForm):  # type: ignore[misc]
    """The first number of a new authenticator app."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _as_code(self)
