"""The README's pictures, taken of the demo world that runs: `make shots`."""
