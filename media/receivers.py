"""Where news of the jobs becomes messages to the workers."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from media import tasks
from media.signals import steps_queued


@receiver(steps_queued)
def publish(step_ids: Sequence[int], delay: float, **_signal: Any) -> None:  # Any: what Django adds to every signal
    """Send waiting steps to the workers."""
    tasks.publish(step_ids, delay=delay)
