"""Pages of ordering and of following a booking."""
