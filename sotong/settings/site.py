"""Django's settings. What an operator may change is in ``options.py``; the rest is fixed here."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from sotong.settings.address import parts_of
from sotong.settings.catalogs import compile_catalogs
from sotong.settings.options import options

OPTIONS = options()
PACKAGE = Path(__file__).resolve().parents[1]
compile_catalogs()


def _kept_secret(name: str) -> str:
    """A random key kept in the data folder; made once, readable by the owner alone."""
    folder = OPTIONS.data / "keys"
    file = folder / name
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            return file.read_text(encoding="ascii")
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(48))
    return file.read_text(encoding="ascii")


def _database(url: str) -> dict[str, object]:
    """Django's form of the address. What else it says, such as sslmode, is handed on."""
    parts = parts_of(url)
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{name: parts.pop(part, "") for part, name in known.items()},
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": os.environ.get("SOTONG_PROCESS", "sotong"), **parts},
        "TEST": {"NAME": os.environ.get("SOTONG_TEST_DATABASE") or None},
    }


def _identity_provider(address: str) -> list[str]:
    """The origin that a sign-in form may lead to."""
    parts = urlsplit(address)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []


DEBUG = OPTIONS.debug
SECRET_KEY = OPTIONS.secret_key or _kept_secret("session.key")
_public = urlsplit(OPTIONS.public_url)
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS += [host.strip() for host in OPTIONS.allowed_hosts.split(",") if host.strip()]
if _public.hostname:
    ALLOWED_HOSTS.append(_public.hostname)
_secure = _public.scheme == "https"
CSRF_TRUSTED_ORIGINS = [f"{_public.scheme}://{_public.netloc}"] if _public.netloc else []

INSTALLED_APPS = [
    "sotong.screens",
    "sotong.inbox",
    "sotong.channels",
    "sotong.contacts",
    "sotong.notices",
    "sotong.people",
    "sotong.audit",
    "sotong.design",
    "sotong.access",
    "sotong.jobs",
    "sotong.bus",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "sotong.access.proxies.forwarded_address",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "sotong.access.middleware.PrivateMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "sotong.people.middleware.ViewerMiddleware",
    "sotong.audit.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "sotong.access.middleware.AccessMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "sotong.urls"
WSGI_APPLICATION = None
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "sotong.screens.context.frame",
            ],
        },
    }
]
FORM_RENDERER = "sotong.design.forms.FormRenderer"

DATABASES = {"default": _database(OPTIONS.database_url or "postgresql:///sotong")}
# Only the limits of signing in are cached. Kept in each process, several web processes would allow several times as
# much, and a flood of addresses would push the count of one out of the few hundred entries that a process keeps.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_ratelimit",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"sotong.people.forms.passwords.{name}"}
    for name in ("LongEnough", "NotCommon", "NotAboutOneself", "NotOnlyDigits")
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "sotong.people.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "sotong.people.adapters.SocialAccountAdapter"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_FORMS = {
    "login": "sotong.people.forms.signing_in.SignInForm",
    "change_password": "sotong.people.forms.signing_in.ChangePasswordForm",
    "reauthenticate": "sotong.people.forms.signing_in.ProveForm",
}
MFA_FORMS = {
    "authenticate": "sotong.people.forms.signing_in.SecondFactorForm",
    "reauthenticate": "sotong.people.forms.signing_in.ProveSecondFactorForm",
    "activate_totp": "sotong.people.forms.signing_in.ActivateAppForm",
}
ACCOUNT_RATE_LIMITS = {
    # Counts those who succeed too: a whole company comes to work behind one address.
    "login": "300/m/ip",
    # Codes of a second factor: few tries, because a code is short.
    "login_failed": "30/m/ip,5/5m/key",
    # Passwords: axes locks one address out of one account; this slows down who tries one account from many addresses.
    "password_failed": "30/m/ip,40/5m/key",
}
MFA_ADAPTER = "sotong.people.adapters.SecondFactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _secure
SOCIALACCOUNT_PROVIDERS = (
    {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "company",
                    "name": OPTIONS.oidc_name,
                    "client_id": OPTIONS.oidc_client_id,
                    "secret": OPTIONS.oidc_client_secret,
                    "settings": {"server_url": OPTIONS.oidc_server},
                }
            ],
        }
    }
    if OPTIONS.oidc_name
    else {}
)
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "people/locked.html"
AXES_DISABLE_ACCESS_LOG = True
AXES_USERNAME_CALLABLE = "sotong.people.signing_in.attempted_name"

SESSION_ENGINE = "sotong.people.sessions"
SESSION_COOKIE_SECURE = _secure
CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
# Cookies do not know ports: names of our own keep another program on this host from overwriting them.
SESSION_COOKIE_NAME = f"sotong_session_{OPTIONS.port}"
CSRF_COOKIE_NAME = f"sotong_csrf_{OPTIONS.port}"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _secure else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *_identity_provider(OPTIONS.oidc_server if OPTIONS.oidc_name else "")],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", _("한국어")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Seoul"

STATIC_URL = "/static/"
STATIC_ROOT = OPTIONS.data / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
SILENCED_SYSTEM_CHECKS = ["postgres.E005", "auth.W004"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "sotong.settings.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"procrastinate": {"level": "WARNING"}, "httpx2": {"level": "WARNING"}, "axes": {"level": "WARNING"}},
}
