"""Stories: what a writer is asked for, the proposal that comes back, and how the film takes it."""
