"""Python's search for garbage stops everything for as long as it looks: over a long film that is several frames.

What belongs to an open film is no garbage, so it is taken out of the search; what comes later is looked through in
small parts, and all of it only when a film is opened or closed.
"""

import gc

_NEW_OBJECTS = 10_000
_SMALL_PER_MIDDLE = 20
_MIDDLE_PER_WHOLE = 1_000


def film_opened() -> None:
    """Collects garbage once, then leaves all objects that exist now out of later searches."""
    gc.set_threshold(_NEW_OBJECTS, _SMALL_PER_MIDDLE, _MIDDLE_PER_WHOLE)
    gc.collect()
    gc.freeze()


def film_known() -> None:
    """Leaves the plans and takes that are in memory now out of later searches, too. Takes no time."""
    gc.freeze()


def film_closed() -> None:
    """Brings the objects of the closed film back into the search."""
    gc.unfreeze()
