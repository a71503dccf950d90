"""Settings, all from the environment; what production needs and does not find stops the start.

`python3 manage.py up` and `... test` set these variables for the embedded services themselves.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# --- safety -----------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
# Plain http on this computer only: `up` sets it. Never set it on a machine others reach.
INSECURE_LOCAL = env.bool("INSECURE_LOCAL", default=False)
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if INSECURE_LOCAL else []
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default="http://localhost:8000" if INSECURE_LOCAL else "")
if not INSECURE_LOCAL and not (ALLOWED_HOSTS and SITE_URL):
    raise environ.ImproperlyConfigured(
        "Set ALLOWED_HOSTS and SITE_URL (for example ALLOWED_HOSTS=desk.example.org "
        "SITE_URL=https://desk.example.org), or INSECURE_LOCAL=1 to try it on this computer."
    )

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not INSECURE_LOCAL
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = not INSECURE_LOCAL
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
)
SECURE_HSTS_SECONDS = 0 if INSECURE_LOCAL else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not INSECURE_LOCAL
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # load balancers ask over plain http
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 26 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
ATTACHMENT_MAX_BYTES = env.int("ATTACHMENT_MAX_BYTES", default=20 * 1024 * 1024)

# --- the house --------------------------------------------------------------------------------------
POINTS = ("intake", "response", "output", "control", "analysis", "evaluation", "staff", "awareness")
INSTALLED_APPS = [
    "config",
    "helpdesk",
    *[f"apps.{point}" for point in POINTS],
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "django_cotton",
    "lucide",
    "axes",
    "csp",
]
MIDDLEWARE = [
    "helpdesk.middleware.RoomForCalls",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "helpdesk.middleware.RequestId",
    "helpdesk.middleware.RefuseBrokenInput",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "helpdesk.middleware.PersonTimeZone",
    "helpdesk.middleware.PersonLanguage",
    "apps.output.account.middleware.SignedInCustomer",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "helpdesk.views.RefusalsAsPages",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "helpdesk.context.shell",
            ]
        },
    }
]

# --- who you are ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "helpdesk.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_RESET_TIMEOUT = 7 * 24 * 3600  # links by which colleagues choose a password
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
# One query a page, and no copy in a cache: a session that ended while Valkey was away would live on in it.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 14 * 24 * 3600
# Tries are counted in the cache. While Valkey is away each process counts for itself (helpdesk/cache.py): whoever
# guesses is locked out after the limit times the number of web processes, and nobody else is kept out.
AXES_HANDLER = "axes.handlers.cache.AxesCacheHandler"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_HTTP_RESPONSE_CODE = 429
AXES_ENABLE_ADMIN = False

# --- data -------------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL")}
DATABASES["default"] |= {
    "ENGINE": "config.postgres",
    "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
    "CONN_HEALTH_CHECKS": True,
}
# Behind PgBouncer in transaction mode: CONN_MAX_AGE=0 and this on.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = env.bool("DISABLE_SERVER_SIDE_CURSORS", default=False)
CACHES = {
    "default": {
        "BACKEND": "helpdesk.cache.Cache",
        "LOCATION": env.str("CACHE_URL"),
        "KEY_PREFIX": env.str("CACHE_PREFIX", default="helpdesk"),
    }
}
LIVE_URL = env.str("LIVE_URL", default=env.str("CACHE_URL"))
LIVE_CHANNEL = env.str("CACHE_PREFIX", default="helpdesk") + ":live"
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(BASE_DIR / "var" / "media"))

# --- background work --------------------------------------------------------------------------------
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True  # a killed worker's task runs again; every task is idempotent
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_PREFETCH_MULTIPLIER = 4
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,  # longer than the time limit, or a slow task would run twice at once
    "global_keyprefix": env.str("CELERY_PREFIX", default=""),
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
CELERY_TASK_PUBLISH_RETRY = False  # an event that could not be queued is found again by the sweep
CELERY_TIMEZONE = "UTC"
CELERY_REDBEAT_REDIS_URL = env.str("REDBEAT_URL", default=env.str("CACHE_URL"))
CELERY_BEAT_SCHEDULER = "redbeat.RedBeatScheduler"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- mail -------------------------------------------------------------------------------------------
MAIL_DOMAIN = env.str("MAIL_DOMAIN", default="localhost")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"support@{MAIL_DOMAIN}")
OWN_ADDRESSES = env.list("OWN_ADDRESSES", default=[DEFAULT_FROM_EMAIL])
# Whose Authentication-Results are believed: the names our own mail servers put there (RFC 8601, authserv-id).
TRUSTED_MAIL_SERVERS = env.list("TRUSTED_MAIL_SERVERS", default=[])
MAIL_SINK = env.str("MAIL_SINK", default="")  # a folder: mail is written there instead of being sent
if MAIL_SINK:
    EMAIL_BACKEND = "apps.output.sink.EmailBackend"
else:
    vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))
UNDO_SECONDS = env.int("UNDO_SECONDS", default=10)
# So long letters to colleagues wait: what happens on one ticket meanwhile is one letter; what was read, none.
NOTICE_SECONDS = env.int("NOTICE_SECONDS", default=60)

# --- news ---------------------------------------------------------------------------------------------
# Seconds after which news that somebody has not heard yet is queued again: the queue may have been lost.
SWEEP_SECONDS = env.int("SWEEP_SECONDS", default=60)

# --- programs of others -------------------------------------------------------------------------------
# Webhooks and trackers inside our own network; off, a colleague who names an address can't reach what is behind it.
WEBHOOKS_TO_PRIVATE_ADDRESSES = env.bool("WEBHOOKS_TO_PRIVATE_ADDRESSES", default=False)

# --- quality of coding ------------------------------------------------------------------------------
# Tickets a week that a second person codes blind: 16 make 200 a quarter.
READINGS_A_WEEK = env.int("READINGS_A_WEEK", default=16)

# --- text -------------------------------------------------------------------------------------------
# What turns texts into vectors: minilm (English), use (16 languages), none; empty is the best that is installed.
TEXT_ENCODER = env.str("TEXT_ENCODER", default="")
# One ticket in so many is coded without a suggestion, so that the model is not graded on its own answers; 0: none.
BLIND_ONE_IN = env.int("BLIND_ONE_IN", default=20)

# --- language and time ------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_TZ = True
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "helpdesk" / "locale"]
FORMAT_MODULE_PATH = "helpdesk.formats"
CURRENCY = env.str("CURRENCY", default="") or "$"  # a default of "$" would be read as a variable

# --- files and API ----------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": env.str("STATICFILES_STORAGE", default="helpdesk.staticfiles.Storage")},
}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "helpdesk.api.authentication.TokenAuthentication",
        "helpdesk.api.authentication.PageSession",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["helpdesk.api.parsing.StrictJSONParser"],
    "EXCEPTION_HANDLER": "helpdesk.api.problems.problem",
    "DEFAULT_SCHEMA_CLASS": "helpdesk.api.schema.Schema",
    "DEFAULT_THROTTLE_CLASSES": ["helpdesk.api.authentication.TokenThrottle"],
    "DEFAULT_THROTTLE_RATES": {"token": env.str("API_RATE", default="600/min")},
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Helpdesk API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # Learning, able, expert: a skill's, and the one a course grants.
    "ENUM_NAME_OVERRIDES": {
        "CallDirectionEnum": "apps.response.calls.models.CallDirection",
        "CallOutcomeEnum": "apps.response.calls.models.CallOutcome",
        "FieldKindEnum": "helpdesk.custom_fields.Kind",
        "JobStateEnum": "apps.response.bulk.models.BulkState",
        "LaterStateEnum": "apps.response.sending_later.models.LaterState",
        "SideStateEnum": "helpdesk.models.side.SideState",
        "RoleEnum": "helpdesk.models.Role",
        "ColleagueRoleEnum": ["agent", "lead", "owner", "analyst", "admin"],
        "RetentionKindEnum": "apps.output.privacy.models.RetentionRule.Kind",
        "SkillLevelEnum": ["learning", "able", "expert"],
        "SuspectedCauseEnum": "helpdesk.models.SuspectedCause",
        "StartOrStopEnum": ["start", "stop"],
        "TrackerKindEnum": "apps.analysis.trackers.models.TrackerKind",
        "WaveKindEnum": "apps.awareness.models.wave.WaveKind",
        "WaveStateEnum": "apps.awareness.models.wave.WaveState",
    },
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "token": {
                "type": "http",
                "scheme": "bearer",
                "description": "A token from the page API tokens: hd_... Each call names its scope; `admin` has all.",
            },
            "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
        }
    },
}

# --- words to the log -------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django.server": {"level": "WARNING"}, "axes": {"level": "WARNING"}},
}
