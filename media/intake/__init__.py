"""Intake: the ways in which files really come, matched with the catalogue before anything is written."""
