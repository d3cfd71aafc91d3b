"""The skeleton under a film: read, shown, found in videos, changed, aligned to who is in the picture."""
