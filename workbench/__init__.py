"""The desk of the archivists."""
