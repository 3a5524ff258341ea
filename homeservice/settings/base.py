"""Settings for production: safe by default, everything that differs comes from the environment."""

import base64
import hashlib
import logging
from datetime import timedelta
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from homeservice.foundation.storage import upload_storage
from homeservice.settings.logs import logging_with

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()

SECRET_KEY = env("SECRET_KEY")
DEBUG = False
EMBEDDED = False  # codes are shown on the page only in the embedded default
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])


def _keys(text: str) -> dict[str, bytes]:
    """`2026b:base64,2026a:base64`, newest first, as key id -> 32 bytes."""
    pairs = (item.split(":", 1) for item in text.split(",") if item)
    return {key_id: base64.b64decode(key) for key_id, key in pairs}


FIELD_KEYS = _keys(env("FIELD_KEYS"))
BLIND_INDEX_KEY = base64.b64decode(env("BLIND_INDEX_KEY"))
# what signs the tokens that workers show at the door; without keys of its own an installation signs by one that only
# its SECRET_KEY gives
DOOR_KEYS = _keys(env("DOOR_KEYS", default="")) or {"site": hashlib.sha256(f"door:{SECRET_KEY}".encode()).digest()}
CODE_SCANS = {
    "codes_10_min": env.int("CODES_SCANNED_10_MIN", default=30),
    "codes_day": env.int("CODES_SCANNED_DAY", default=200),
    "scans_10_min": env.int("SCANS_10_MIN", default=150),
}  # of one address: behind a telephone company's may stand a whole quarter

INSTALLED_APPS = [
    "communities.accounts.console.ConsoleConfig",  # django.contrib.admin, opened by our own sign-in
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "django_celery_beat",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "django_filters",
    "simple_history",
    "csp",
    "django_structlog",
    "django_prometheus",
    "homeservice.foundation",
    "communities",
    "providers",
    "bookings",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "homeservice.foundation.nul.WithoutNul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "communities.accounts.middleware.PreferredLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "providers.scope.ScopeMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "homeservice.operation.RequestLog",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "homeservice.urls"
WSGI_APPLICATION = "homeservice.wsgi.application"
AUTH_USER_MODEL = "communities.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "communities.accounts.context.shell",
                "communities.inbox.context.bell",
            ],
            "builtins": ["django_cotton.templatetags.cotton", "homeservice.foundation.templatetags.hs"],
        },
    }
]
COTTON_DIR = "components"

DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"].update(
    {"CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=600), "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}
)

REDIS_URL = env("REDIS_URL")
CACHES = {"default": {"BACKEND": "homeservice.kernel.cache.Cache", "LOCATION": REDIS_URL}}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = int(timedelta(days=30).total_seconds())

CELERY_BROKER_URL = env("CELERY_BROKER_URL", default=REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False  # a lost message is mended by the sweeps, a doubled one would only cost time
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker outlives any outage of the broker
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    "ack_emulation": False,  # a message is a wake-up: no books about it in Redis, which a worker that loses Redis dies of
}
# who orders does not wait for a dead broker: one more try on a fresh connection, then the sweep must do
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = {
    "sweep-dispatch": {"task": "bookings.dispatch.sweep", "schedule": 15, "options": {"expires": 15}},
    "forget-drafts": {"task": "bookings.orders.forget_drafts", "schedule": 3600, "options": {"expires": 3600}},
    "replace-unfit": {"task": "bookings.dispatch.replace_unfit", "schedule": 300, "options": {"expires": 300}},
    "ask-again-today": {"task": "bookings.dispatch.ask_again_today", "schedule": crontab(hour=6, minute=30)},
    "lapse-holds": {"task": "bookings.orders.lapse_holds", "schedule": 30, "options": {"expires": 30}},
    "settle-finished": {"task": "bookings.visits.settle_finished", "schedule": 300, "options": {"expires": 300}},
    "follow-listings": {"task": "bookings.menus.follow_listings", "schedule": 300, "options": {"expires": 300}},
    "change-code-colours": {
        "task": "providers.service_codes.recompute_changed",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "compute-all-codes": {
        "task": "providers.service_codes.recompute_all",
        "schedule": crontab(hour=0, minute=10),
        "options": {"expires": 43_200},
    },
    "remind-expiring": {
        "task": "providers.credentials.remind_expiring",
        "schedule": crontab(hour=7, minute=30),
        "options": {"expires": 43_200},
    },
    "forget-scans": {"task": "providers.credentials.forget_scans", "schedule": 86_400},
    "open-review-cases": {
        "task": "providers.admission.open_cases",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "purge-codes": {"task": "communities.accounts.purge_codes", "schedule": 86_400},
    "enter-certificates": {
        "task": "providers.training.enter_certificates",
        "schedule": 300,
        "options": {"expires": 300},
    },
    "close-ended-trainings": {"task": "providers.training.close_ended", "schedule": 3600, "options": {"expires": 3600}},
    "check-imports": {"task": "providers.exchange.check", "schedule": 60, "options": {"expires": 60}},
    "take-over-imports": {"task": "providers.exchange.take_over", "schedule": 60, "options": {"expires": 60}},
    "forget-import-files": {"task": "providers.exchange.forget_files", "schedule": 86_400},
    "remind-of-objections": {"task": "providers.credit.remind", "schedule": 3600, "options": {"expires": 3600}},
    "deliver-inbox": {"task": "communities.inbox.deliver_due", "schedule": 15, "options": {"expires": 15}},
}
QUEUE_PER_CITY = env.bool("QUEUE_PER_CITY", default=False)

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "homeservice" / "locale"]
LANGUAGE_COOKIE_NAME = "language"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(BASE_DIR / ".local" / "static")))
STATICFILES_DIRS = [BASE_DIR / "homeservice" / "static"]
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(BASE_DIR / ".local" / "media")))
STORAGES = {
    "default": upload_storage(env("UPLOAD_STORAGE_URL", default=""), MEDIA_ROOT),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]  # probes come from inside, without TLS
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = True
X_FRAME_OPTIONS = "DENY"
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1)
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", *env.list("MAP_TILE_ORIGINS", default=[])],
        "script-src": [SELF],
        "style-src": [SELF],
        "connect-src": [SELF],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
MAP_TILE_URL = env("MAP_TILE_URL", default="")

AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone*"]
MFA_ADAPTER = "communities.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Homeservice"
IDENTITY_VERIFIER = env("IDENTITY_VERIFIER", default="communities.accounts.identity.RefusingVerifier")
SMS_SENDER = env("SMS_SENDER", default="communities.accounts.sms.RefusingSms")
SMS_GATEWAY_URL = env("SMS_GATEWAY_URL", default="")
SMS_GATEWAY_TOKEN = env("SMS_GATEWAY_TOKEN", default="")
SIGN_IN_CODES = {
    "lifetime_s": 300,
    "resend_after_s": 60,
    "wrong_answers": 5,
    "per_phone_hour": 5,
    "per_phone_day": 10,
    "per_ip_hour": env.int("CODES_PER_IP_HOUR", default=30),
    "per_day": env.int("CODES_PER_DAY", default=100_000),
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["knox.auth.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "EXCEPTION_HANDLER": "homeservice.foundation.api.problem_handler",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.ScopedRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"sign_in": "20/hour", "booking": "120/min", "read": "600/min", "verify": "30/min"},
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Homeservice API",
    "DESCRIPTION": "Communities, menus, free times and bookings of the community home-services platform.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "BookingState": "bookings.lifecycle.models.State",
        "AdmissionState": "homeservice.kernel.vocabulary.Admission",
        "BindingState": "providers.bindings.models.Binding.State",
        "BindingSide": "providers.bindings.models.Binding.Side",
    },
}
REST_KNOX = {"TOKEN_TTL": timedelta(days=30), "AUTO_REFRESH": False}

SITE_OWNER = env("SITE_OWNER", default="")
ICP_NUMBER = env("ICP_NUMBER", default="")
PUBLIC_SECURITY_NUMBER = env("PUBLIC_SECURITY_NUMBER", default="")

METRICS_TOKEN = env("METRICS_TOKEN", default="")
LOGGING = logging_with(json=True, level=env("LOG_LEVEL", default="INFO"))
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = ""  # would open the session on pages that need none
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO
