"""What exists, what happened, and how we know."""
