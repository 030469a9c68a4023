"""The Celery application: a broker message carries only an id, the rows are the truth."""

import os

from celery import Celery

from core import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.embedded")

broker.register()
app = Celery("archive")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
