"""News of the files, sent inside the transaction that made it."""

from django.dispatch import Signal

pages_changed = Signal()
"""Pages have a new text or a new image; ``page_ids``: their keys."""

steps_queued = Signal()
"""Steps wait for a worker; ``step_ids``: their keys, ``delay``: seconds before the first look. Sent on commit."""
