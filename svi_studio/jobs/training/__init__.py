"""The window's end of the trainer: trainings and scans of footage, one task of its process at a time."""
