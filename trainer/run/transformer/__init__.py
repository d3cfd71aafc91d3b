"""The transformer while it learns: stored as the recipe says, asked for velocities."""
