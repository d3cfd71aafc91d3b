"""Sound that is heard, without a device: every sample that would be is looked at."""
