"""What a chat model answers, read piece by piece: thoughts passed over, JSON forgiven, cards checked."""
