"""The demo world: Tianhe district as it could look on any morning, made from a fixed seed.

It invents people and firms; places are real. It is built from today on, so that yesterday's visits
are done and tomorrow's are booked whenever it is made.
"""
