"""Commands of the digital objects."""
