"""One module per external engine."""
