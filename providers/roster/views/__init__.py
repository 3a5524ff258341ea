"""The enterprise's pages about its workers."""
