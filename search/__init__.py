"""Find: one schema, one port, any engine behind it."""
