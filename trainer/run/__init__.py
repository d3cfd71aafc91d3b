"""The training itself: the loop, its checkpoints, its processes, and what it says while it runs."""
