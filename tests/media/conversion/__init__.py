"""Office files, letters, photographs, recordings."""
