"""Every action of the window: its words, its keys, and the handler that a panel gives it."""
