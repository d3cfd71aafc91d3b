"""The chain of clips: from a plan to takes, each clip from the tail of the one before."""
