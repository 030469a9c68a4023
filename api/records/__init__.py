"""Records of every kind, and search, as JSON."""
