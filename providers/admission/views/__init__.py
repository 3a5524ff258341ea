"""Pages of admission: the enterprise's office, the worker's own page, and the reviewing desk."""
