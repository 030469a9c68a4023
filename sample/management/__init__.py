"""Commands of the sample archive."""
