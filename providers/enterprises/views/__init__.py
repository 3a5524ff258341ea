"""Pages of an enterprise about itself: registration, facts and accounts."""
