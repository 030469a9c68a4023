"""For working on the platform itself: the embedded parts, with tracebacks shown."""

from config.settings.base import *

DEBUG = True
WHITENOISE_AUTOREFRESH = True
