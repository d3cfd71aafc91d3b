"""Models that can be fetched from a hub, and what happens while they are."""
