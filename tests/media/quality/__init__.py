"""Quality control: what is measured, what people decide, lots."""
