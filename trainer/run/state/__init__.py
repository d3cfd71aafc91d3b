"""Everything that decides how a training goes on, and how it lies on the disk."""
