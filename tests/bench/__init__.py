"""`make bench`: the yardsticks and ratios of speed, measured in one run on one machine. Never timed tests.

    make bench                      default size: 100,000 bookings of the past
    make bench ARGS="--quick"       does everything work? a minute, figures without worth
    make bench ARGS="--scale 100"   10 million bookings, 26,800 communities: some 40 GB and hours of filling

Django is set up here, so that the modules inside may import models.
"""

import django

django.setup()
