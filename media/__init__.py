"""The files: what was scanned and what was made of it."""
