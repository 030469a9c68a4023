"""Schema changes, named for what they do."""
