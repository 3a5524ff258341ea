"""Every feature's cases together, and the world that they are walked in.

A module of this package has `CASES` and, where its things are not yet in the world, `furnish(walk)`, which makes
them and keeps them in `walk.more`.
"""

from importlib import import_module
from pkgutil import iter_modules

from tests.architecture import walk as ground

PARTS = [import_module(f"{__name__}.{module.name}") for module in sorted(iter_modules(__path__), key=lambda m: m.name)]
CASES: dict[str, ground.Case] = dict(ground.CASES)
for part in PARTS:
    CASES.update(part.CASES)


def furnished() -> ground.Walk:
    """The world with what each feature puts into it."""
    made = ground.build()
    for one in PARTS:
        if hasattr(one, "furnish"):
            one.furnish(made)
    return made
