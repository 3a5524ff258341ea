"""Joining an enterprise, and the worker's file."""
