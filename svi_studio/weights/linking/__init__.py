"""Models made of files that lie wherever their owner keeps them: found, put together, described, let go."""
