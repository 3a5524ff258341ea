"""Pages of credit: the holders' own, the reviewing staff's, and the published formula."""
