"""The sample archive: facts and scanned sheets from public sources, for demonstration only."""
