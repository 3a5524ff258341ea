"""The pages of jobs near home."""
