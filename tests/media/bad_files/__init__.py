"""Files that want to do harm, or are broken in every way."""
