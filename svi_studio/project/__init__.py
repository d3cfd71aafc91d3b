"""A film on disk: the project folder, its edit journal, its take store, all written atomically."""
