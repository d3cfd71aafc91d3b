"""The window: the only file that wires everything together."""
