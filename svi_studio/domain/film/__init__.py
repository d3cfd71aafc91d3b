"""What a film is: its storyboard, its family, its time, its seeds and its size."""
