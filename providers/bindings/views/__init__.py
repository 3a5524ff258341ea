"""The pages of both sides of a binding."""
