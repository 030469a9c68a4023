"""Commands of the catalogue and register."""
