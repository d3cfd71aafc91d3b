"""The commands of the trainer, and what they say in a terminal."""
