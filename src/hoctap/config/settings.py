"""Settings, all from the environment. Production refuses to start with a default secret or debug on."""

import os
import sys
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlparse

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from hoctap.config.logs import logging_settings

PACKAGE = Path(__file__).resolve().parent.parent
ENV = os.environ.get("HOCTAP_ENV", "development")  # development | demo | production
PRODUCTION = ENV == "production"
DEBUG = os.environ.get("HOCTAP_DEBUG") == "1"
DATA_DIR = Path(os.environ.get("HOCTAP_DATA_DIR", "var")).resolve()
DEMO = os.environ.get("HOCTAP_DEMO") == "1"

_INSECURE_KEY = "insecure-key-for-tests-and-development-only"
SECRET_KEY = os.environ.get("HOCTAP_SECRET_KEY", _INSECURE_KEY)
if PRODUCTION and (DEBUG or len(SECRET_KEY) < 40 or SECRET_KEY == _INSECURE_KEY):
    raise ImproperlyConfigured(
        "Production needs HOCTAP_SECRET_KEY (40 characters or more) and HOCTAP_DEBUG unset."
    )  # A JWK Set: its first key signs learners' credentials, all of them are published (kernel.signing).
CREDENTIAL_KEYS = os.environ.get("HOCTAP_CREDENTIAL_KEYS", "")

ALLOWED_HOSTS = [
    h for h in os.environ.get("HOCTAP_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",") if h
]
if PRODUCTION and "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("Production needs HOCTAP_HOSTS to name its hosts.")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("HOCTAP_ORIGINS", "").split(",") if o]


# Of one serving process, to be shared out between reading and sending; 0: no serving process.
THREADS = int(os.environ.get("HOCTAP_THREADS", "0"))
# Its connections to the database, which its threads share: more than this would wait for the processor.
CONNECTIONS = min(THREADS, 10)
# A pooler that hands its connections on after each transaction keeps nothing on them.
_POOLED = bool(os.environ.get("DATABASE_SESSION_URL"))


def _database(url: str, *, pooled: bool = False) -> dict:
    """A Django database entry from ``postgres://user:password@host:port/name?option=value``."""
    parts = urlparse(url)
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", None) or parts.hostname or ""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # Of kernel.planned alone: Django's own values stand in the text.
        "OPTIONS": {"prepare_threshold": None if pooled else 1} | query,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }


_ANSWERS_SOON = {"connect_timeout": "2", "tcp_user_timeout": "2000"}
_ANSWERS_SOON |= {"keepalives_idle": "2", "keepalives_interval": "1", "keepalives_count": "2"}


def _shared(entry: dict, patience: int) -> dict:
    """The same, for the threads of a serving process together (kernel.database); seconds they wait for a connection."""
    pool = {"min_size": 0, "max_size": CONNECTIONS, "timeout": patience, "reconnect_timeout": patience}
    options = _ANSWERS_SOON | entry["OPTIONS"] | {"pool": pool}
    ours = {"ENGINE": "hoctap.kernel.database", "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}
    return entry | ours | {"OPTIONS": options}


DATABASES = {
    "default": _database(
        os.environ.get("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/hoctap"), pooled=_POOLED
    )
}
# Seconds the database may take for one statement of a web request; 0: as the database, or its pooler, says itself.
STATEMENT_TIMEOUT = int(os.environ.get("HOCTAP_STATEMENT_TIMEOUT", "0" if _POOLED else "15"))
# Streaming copies that pages may read from (kernel.replicas), addresses apart by spaces, with no pooler
# between. One that does not answer is left.
for _number, _url in enumerate(os.environ.get("DATABASE_REPLICA_URLS", "").split(), 1):
    _replica = _database(_url)
    _replica["OPTIONS"] = _ANSWERS_SOON | _replica["OPTIONS"]
    DATABASES[f"replica-{_number}"] = _replica
REPLICAS = [alias for alias in DATABASES if alias != "default"]
DATABASE_ROUTERS = ["hoctap.kernel.replicas.Router"] if REPLICAS else []
# The demo world lives in October 2023: its clock is shifted by so many seconds (kernel.clock reads this).
CLOCK_SHIFT = int(os.environ.get("HOCTAP_CLOCK_SHIFT", "0"))
# What is prepared (kernel.planned) is planned once: most of it would cost more to plan than to carry out.
_PLANNED = "-c plan_cache_mode=force_generic_plan"
_SHIFTED = [f"-c hoctap.clock_shift={CLOCK_SHIFT}"] if CLOCK_SHIFT else []
DATABASES["default"]["OPTIONS"]["options"] = " ".join([*_SHIFTED, *([] if _POOLED else [_PLANNED])])
for _alias in REPLICAS:
    _limited = f"-c statement_timeout={STATEMENT_TIMEOUT or 15}s"
    DATABASES[_alias]["OPTIONS"]["options"] = " ".join([*_SHIFTED, _PLANNED, _limited])
# What waits for a connection waits behind statements: where those may take longer, so may it.
_PATIENCE = max(1, (STATEMENT_TIMEOUT or 15) // 3)
if THREADS:
    DATABASES = {
        name: _shared(entry, 2 if name in REPLICAS else _PATIENCE) for name, entry in DATABASES.items()
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "hoctap.kernel",
    "hoctap.people",
    "hoctap.orgs",
    "hoctap.notify",
    "hoctap.campaigns",
    "hoctap.indicators",
    "hoctap.forms",
    "hoctap.directives",
    "hoctap.obligations",
    "hoctap.activities",
    "hoctap.reports",
    "hoctap.rollup",
    "hoctap.papers",
    "hoctap.desk",
]

MIDDLEWARE = [
    "hoctap.desk.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "hoctap.desk.gate.ReadingGate",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hoctap.desk.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "hoctap.desk.middleware.SeatMiddleware",
    "hoctap.desk.errors.RefusalMiddleware",
    "hoctap.desk.replicas.ReplicaMiddleware",
]

ROOT_URLCONF = "hoctap.config.urls"
WSGI_APPLICATION = "hoctap.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": [PACKAGE / "desk" / "templates"],
        "OPTIONS": {
            "environment": "hoctap.desk.jinja.environment",
            "context_processors": ["hoctap.desk.context.shell"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

FORM_RENDERER = "django.forms.renderers.Jinja2"  # fields as Django writes them, in a third of the time

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["hoctap.desk.signin.backend.SeatsBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_RESET_TIMEOUT = 3600

# Signing in (django-allauth): a name or an e-mail address; nobody signs up by himself.
ACCOUNT_ADAPTER = "hoctap.desk.signin.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "hoctap.desk.signin.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Five wrong tries lock one name. An office is one address: of an address only failures count (desk.signin.adapter), and a
# passkey cannot be guessed.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "5/15m/key"}
MFA_RATE_LIMITS = {"webauthn_login": None}
# The first is how new ones are kept; whoever signs in with an older one gets it.
PASSWORD_HASHERS = [
    "hoctap.desk.signin.hashers.SmallArgon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
MFA_ADAPTER = "hoctap.desk.signin.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1  # phones' clocks run up to half a minute off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if os.environ.get("HOCTAP_BEHIND_PROXY") == "1" else 0

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
# Our own words first, then what Django and allauth leave untranslated.
LOCALE_PATHS = [PACKAGE / "locale", PACKAGE / "locale_borrowed"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "files"
# Served files carry their digest in the name; tests and debugging read them where they lie.
_AS_THEY_LIE = DEBUG or "pytest" in sys.modules
# Uploaded files: in the data folder, or where all machines reach them. The keys are those of every S3 program:
# AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
S3_BUCKET = os.environ.get("HOCTAP_S3_BUCKET", "")
_FOLDER = {"BACKEND": "hoctap.kernel.files.Folder", "OPTIONS": {"allow_overwrite": True}}
_S3 = {
    "BACKEND": "storages.backends.s3.S3Storage",
    "OPTIONS": {
        "bucket_name": S3_BUCKET,
        "endpoint_url": os.environ.get("HOCTAP_S3_ENDPOINT") or None,  # unset: Amazon's own
        "region_name": os.environ.get("HOCTAP_S3_REGION") or None,
        "addressing_style": "path",  # the bucket as a host name is Amazon's way alone
        "signature_version": "s3v4",
    },
}
STORAGES = {
    "default": _S3 if S3_BUCKET else _FOLDER,
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if _AS_THEY_LIE
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = _AS_THEY_LIE
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "hoctap_cache"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 1000

SESSION_ENGINE = "hoctap.desk.signin.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31536000 if PRODUCTION else 0
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("HOCTAP_BEHIND_PROXY") == "1" else None
)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "hoctap.desk.errors.csrf_failure"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

EMAIL_BACKEND = "hoctap.notify.backend.OutboxBackend"  # all mail joins the outbox …
OUTBOX_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # … and leaves it through here
EMAIL_HOST = os.environ.get("HOCTAP_SMTP_HOST", "")  # empty: letters stay in the outbox
EMAIL_PORT = int(os.environ.get("HOCTAP_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("HOCTAP_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("HOCTAP_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("HOCTAP_SMTP_TLS") == "1"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("HOCTAP_MAIL_FROM", "hoctap@localhost")
SITE_URL = os.environ.get("HOCTAP_URL", "").rstrip("/")  # before the paths in letters
PROCRASTINATE_IMPORT_PATHS = [
    "hoctap.activities.jobs",
    "hoctap.directives.jobs",
    "hoctap.notify.jobs",
    "hoctap.obligations.jobs",
    "hoctap.reports.jobs",
]  # read when a worker starts

LOGGING = logging_settings(os.environ.get("HOCTAP_LOG_LEVEL", "INFO" if PRODUCTION else "WARNING"))

TESTING = "pytest" in sys.modules
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]
    EMAIL_HOST = ""
