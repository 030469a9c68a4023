"""Settings common to every way of running; what differs is a variable read by config.env."""

import logging
from urllib.parse import quote

import django_stubs_ext
from django.utils.translation import gettext_lazy as _

from config.env import PROJECT, read

django_stubs_ext.monkeypatch()

ENVIRONMENT = read()
HOME = ENVIRONMENT.home

DEBUG = False
SECRET_KEY = ENVIRONMENT.kept_secret_key()
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
CSRF_TRUSTED_ORIGINS = ENVIRONMENT.csrf_trusted_origins

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_filters",
    "treebeard",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "core",
    "accounts",
    "archive",
    "media",
    "search",
    "sample",
    "api",
    "portal",
    "workbench",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "api.middleware.InterfaceMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PROJECT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.site",
            ],
        },
    }
]

DATABASES = {"default": ENVIRONMENT.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "workbench:sign_in"
LOGIN_REDIRECT_URL = "workbench:desk"
LOGOUT_REDIRECT_URL = "portal:home"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [PROJECT / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [
    PROJECT / "static",
    *(
        (f"vendor/{name}", folder)
        for name, folder in (
            ("openseadragon", PROJECT / "node_modules/openseadragon/build/openseadragon"),
            ("tus", PROJECT / "node_modules/tus-js-client/dist"),
            ("htmx", PROJECT / "node_modules/htmx.org/dist"),
        )
        if folder.is_dir()
    ),
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_NUMBER_FILES = 500

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "api.pagination.RecordPagination",
    "EXCEPTION_HANDLER": "api.errors.problem_details",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Min-Ning digital archive (闽宁协作数字档案)",
    "DESCRIPTION": "Read-only interface to everything public: records of every kind, their evidence, and search.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": False,
}

CELERY_BROKER_URL = ENVIRONMENT.broker_url or f"sqlite:///{quote(str(HOME / 'broker.sqlite3'))}"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = ENVIRONMENT.worker_processes
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "quick"
CELERY_TIMEZONE = TIME_ZONE
# A process that has once held more than this is replaced after its step; while a step runs, the step's own watch looks.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = ENVIRONMENT.worker_memory * 1024
if CELERY_BROKER_URL.startswith("redis"):
    # Queues in the order in which a worker names them; what a dead worker held comes back after five minutes, and a
    # message that comes back while its step still runs finds nothing to do.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"queue_order_strategy": "priority", "visibility_timeout": 300}

ARCHIVE_HOME = HOME
ARCHIVE_PUBLIC_URL = ENVIRONMENT.public_url
ARCHIVE_NAAN = ENVIRONMENT.ark_naan
ARCHIVE_STORAGE = ENVIRONMENT.storage_url or f"file://{HOME / 'objects'}"
ARCHIVE_SEARCH = ENVIRONMENT.search_url or f"tantivy://{HOME / 'search'}"
ARCHIVE_RECOGNISER = ENVIRONMENT.recogniser
ARCHIVE_WORKER_PROCESSES = ENVIRONMENT.worker_processes
ARCHIVE_WORKER_MEMORY = ENVIRONMENT.worker_memory
ARCHIVE_CLAMD = ENVIRONMENT.clamd_url
ARCHIVE_WATCHED_FOLDER = ENVIRONMENT.watched_folder
ARCHIVE_WEB_PROCESSES = ENVIRONMENT.web_processes
ARCHIVE_PORT = ENVIRONMENT.port

CSRF_FAILURE_VIEW = "portal.views.errors.form_expired"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": getattr(logging, ENVIRONMENT.log_level)},
}
