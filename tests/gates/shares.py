"""All gates in the order in which they run, each with its share of the time; what is quick comes first."""

from collections.abc import Mapping

MINUTES: Mapping[str, float] = {
    "supply_chain": 1.0,
    "secrets_kept": 1.0,
    "foreign_addresses": 1.0,
    "disk_errors": 3.0,
    "kills": 5.0,
    "power_loss": 4.0,
    "hostile_weights": 3.0,
    "hostile_projects": 5.0,
    "hostile_media": 4.0,
    "hostile_replies": 3.0,
    "edit_model": 2.0,
    "long_film": 1.5,
    "training": 4.0,
    "soak": 4.0,
    "window_cycles": 6.0,
    "determinism": 5.0,
    "lost_workers": 8.0,
    "out_of_memory": 0.5,
    "new_inputs": 4.0,
}
"""Minutes of each module here when all have 65; with more or less time every share is longer or shorter."""


def seconds_of(name: str, minutes: float) -> float:
    """The share of the gate ``name``, in seconds, when all of them have ``minutes``."""
    return 60 * minutes * MINUTES[name] / sum(MINUTES.values())
