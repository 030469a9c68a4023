"""Masking (脱敏): what may be private is found, a person decides, the public gets neither its text nor its pixels."""

from media.masking.deciding import (
    Place,
    alike,
    clear,
    decide,
    decide_all,
    mark_by_hand,
    undo,
    unread_pages,
)
from media.masking.incidents import release, withhold
from media.masking.looking import look
from media.masking.proposing import fields_of, label_of, look_at_record
from media.masking.redrawing import redraw
from media.masking.renewing import carry_over, turn
from media.masking.viewing import note_view, note_views

__all__ = [
    "Place",
    "alike",
    "carry_over",
    "clear",
    "decide",
    "decide_all",
    "fields_of",
    "label_of",
    "look",
    "look_at_record",
    "mark_by_hand",
    "note_view",
    "note_views",
    "redraw",
    "release",
    "turn",
    "undo",
    "unread_pages",
    "withhold",
]
