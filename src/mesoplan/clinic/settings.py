"""Settings of the clinic. What differs from one machine to the next comes from the environment (see
`environment`)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import dj_database_url
import platformdirs
from django.utils.translation import gettext_lazy

from mesoplan.clinic.environment import data_directory, flag, jurisdictions, one_of, secret_key, words

HERE = Path(__file__).resolve().parent
DATA = data_directory()

DEBUG = flag("MESOPLAN_DEBUG", False)
DEMO = flag("MESOPLAN_DEMO", False)
# Served over plain HTTP on the clinic's own machine by default; behind TLS set MESOPLAN_HTTPS=1 and cookies
# are bound to it.
HTTPS = flag("MESOPLAN_HTTPS", False)
SECRET_KEY = secret_key(DATA)
ALLOWED_HOSTS = words("MESOPLAN_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = words("MESOPLAN_ORIGINS", "")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "mesoplan.clinic.accounts",
    "mesoplan.clinic.audit",
    "mesoplan.clinic.patients",
    "mesoplan.clinic.courses",
    "mesoplan.clinic.editor",
    "mesoplan.clinic.assessments",
    "mesoplan.clinic.evidence",
    "mesoplan.clinic.comparison",
    "mesoplan.clinic.leaflets",
    "mesoplan.clinic.drops",
    "mesoplan.clinic.exposure",
    "mesoplan.clinic.forecasts",
    "mesoplan.clinic.photos",
    "mesoplan.clinic.shell",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "mesoplan.clinic.middleware.content_security_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "mesoplan.clinic.middleware.in_the_readers_language",
    "mesoplan.clinic.middleware.session_that_ends",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "mesoplan.clinic.middleware.SecondFactorFirst",
    "mesoplan.clinic.middleware.Refusals",
]

ROOT_URLCONF = "mesoplan.clinic.urls"
WSGI_APPLICATION = "mesoplan.clinic.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "mesoplan.clinic.shell.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "mesoplan.clinic.shell.templatetags.mesoplan"],
        },
    },
]

# -- Database
# -------------------------------------------------------------------------------------------------------
# A demo never shares a file with real patients.
SQLITE = DATA / ("demo.sqlite3" if DEMO else "clinic.sqlite3")
SQLITE_OPTIONS: dict[str, Any] = {
    "timeout": 5,
    # A write takes the lock when its transaction begins: two writers queue, none fails half-way.
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;"
        " PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY;"
        " PRAGMA mmap_size = 134217728; PRAGMA cache_size = -20000;"
    ),
}
if os.environ.get("DATABASE_URL"):
    DATABASES: dict[str, Any] = {"default": dj_database_url.parse(os.environ["DATABASE_URL"], conn_max_age=60)}
    if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
        DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": SQLITE,
            "OPTIONS": SQLITE_OPTIONS,
            "CONN_MAX_AGE": 60,
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- Log-in
# ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "mesoplan.clinic.accounts.adapter.ClinicAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
# Waiting after wrong passwords is ours, because it says for how long (accounts.lockout).
ACCOUNT_RATE_LIMITS = {"login_failed": None, "login": "60/m/ip"}
# Changing how one logs in asks for the password again, once in five minutes.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60

# Second factors: codes of an app, passkeys, and recovery codes beside them (accounts.factors).
MFA_ADAPTER = "mesoplan.clinic.accounts.factor_adapter.FactorAdapter"
MFA_FORMS = {
    "authenticate": "mesoplan.clinic.accounts.factor_forms.CodeForm",
    "authenticate_webauthn": "mesoplan.clinic.accounts.factor_forms.PasskeyForm",
    "login_webauthn": "mesoplan.clinic.accounts.factor_forms.PasskeyLogInForm",
    "activate_totp": "mesoplan.clinic.accounts.factor_forms.AppForm",
    "add_webauthn": "mesoplan.clinic.accounts.factor_forms.NewPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # half a minute before and after, for clocks that differ
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}

# Idle for an hour or logged in for twelve: log in again. The cookie goes when the browser closes.
SESSION_IDLE_SECONDS = 60 * 60
SESSION_LONGEST_SECONDS = 12 * 60 * 60
SESSION_COOKIE_AGE = SESSION_LONGEST_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_USE_SESSIONS = False
CSRF_FAILURE_VIEW = "mesoplan.clinic.shell.views.errors.form_too_old"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

# What stands at the head of printed plans.
CLINIC_NAME = os.environ.get("MESOPLAN_CLINIC_NAME", "").strip() or ("Demo clinic" if DEMO else "Clinic")

# What stands in the leaflet: whom the patient calls, and the emergency number of the country.
CLINIC_TELEPHONE = os.environ.get("MESOPLAN_CLINIC_TELEPHONE", "").strip() or (
    "+33 1 99 00 12 34" if DEMO else gettext_lazy("the number on your appointment card")
)
EMERGENCY_TELEPHONE = os.environ.get("MESOPLAN_EMERGENCY_TELEPHONE", "").strip() or "112"

# Whose rules a new assessment is read by, unless it says otherwise. Not known: the strictest of all.
JURISDICTION = one_of("MESOPLAN_JURISDICTION", "unknown", jurisdictions())

# -- Language, time, files
# ------------------------------------------------------------------------------------------
# English is what a text is where nothing else is chosen. Each app has its catalogs in its folder `locale`.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("it", "Italiano"), ("es", "Español")]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = HTTPS
# Named here too, so that our words win over those that Django and allauth have for the same English text.
LOCALE_PATHS = sorted(HERE.glob("*/locale"))
FORMAT_MODULE_PATH = "mesoplan.clinic.formats"
TIME_ZONE = os.environ.get("MESOPLAN_TIME_ZONE", "Europe/Paris")
USE_TZ = True
USE_I18N = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Photos lie outside of everything that is served by its path; a demo's apart from those of real patients. What is being
# uploaded goes there too, never to a folder that others can look into.
PHOTOS = DATA / ("demo-photos" if DEMO else "photos")
PHOTO_UNDO_SECONDS = 10 * 60
PHOTOS_GO_BY_THEMSELVES = True
FILE_UPLOAD_HANDLERS = ["mesoplan.clinic.photos.uploads.BoundedUpload"]
DATA_UPLOAD_MAX_NUMBER_FILES = 3

# Kernels of where drops land: made again when they are gone, about nobody, so they lie with other caches.
KERNELS = Path(platformdirs.user_cache_dir("mesoplan", appauthor=False)) / "kernels"
# Read and compile what coverage needs when the first plan is opened, beside the answer.
WARM_KERNELS = True

STATIC_URL = "/static/"
# Static files are served from where the packages keep them: nothing to collect before a start.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 300

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"photos": {"()": "mesoplan.clinic.photos.logs.WithoutAddresses"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["photos"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
