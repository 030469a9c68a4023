"""Shared ground: errors, texts, dates and amounts; knows no archival word."""
