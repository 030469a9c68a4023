"""Behind HTTPS, with PostgreSQL, a search cluster and a message broker."""

from config.settings.base import *

if not ENVIRONMENT.secret_key:
    raise SystemExit("SECRET_KEY is empty. Write 50 or more random characters into it.")

SESSION_COOKIE_SECURE = ENVIRONMENT.secure_cookies
CSRF_COOKIE_SECURE = ENVIRONMENT.secure_cookies
SECURE_SSL_REDIRECT = ENVIRONMENT.secure_cookies
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
STATIC_ROOT = HOME / "static"
WHITENOISE_USE_FINDERS = False
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
