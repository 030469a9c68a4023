"""Proofreading (校对): texts corrected by people, every state kept, trusted by two pairs of eyes, accuracy measured."""

from media.proofreading.accuracies import (
    MOST_DRAWN,
    TARGET,
    Drawn,
    FondsAccuracy,
    accuracy_by_fonds,
    draw_sample,
    measure,
)
from media.proofreading.arranging import DIVIDER, Edit
from media.proofreading.correcting import correct, restore
from media.proofreading.differences import Difference, Span, differences
from media.proofreading.judging import may_judge, set_quality
from media.proofreading.lookup import STATES, QueueRow, Selection, next_page, queue, waiting
from media.proofreading.replacing import (
    Place,
    Preview,
    Replacement,
    Spot,
    Undone,
    made_by,
    preview,
    replace,
    undo_replace,
)
from media.proofreading.versions import Version, history

__all__ = [
    "DIVIDER",
    "MOST_DRAWN",
    "STATES",
    "TARGET",
    "Difference",
    "Drawn",
    "Edit",
    "FondsAccuracy",
    "Place",
    "Preview",
    "QueueRow",
    "Replacement",
    "Selection",
    "Span",
    "Spot",
    "Undone",
    "Version",
    "accuracy_by_fonds",
    "correct",
    "differences",
    "draw_sample",
    "history",
    "made_by",
    "may_judge",
    "measure",
    "next_page",
    "preview",
    "queue",
    "replace",
    "restore",
    "set_quality",
    "undo_replace",
    "waiting",
]
