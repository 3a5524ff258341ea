"""Pages of listings: the enterprise's own, and the reviewing staff's view of them."""
