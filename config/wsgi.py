"""The WSGI entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.embedded")

application = get_wsgi_application()

# What is loaded by now stays: were it looked through again and again for what nobody uses any more, requests would wait
# a tenth of a second for it now and then.
gc.collect()
gc.freeze()
