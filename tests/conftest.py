"""What every test stands on: a frozen morning, and named people.

Named people live in `tests/people.py`: Alice owns, Bob shares, Charlie is a stranger.
"""
