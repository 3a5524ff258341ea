"""Pages of the accounts: signing in, the second factor, one's own account, homes and the people in them."""
