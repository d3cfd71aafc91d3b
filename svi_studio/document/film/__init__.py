"""The open film: its storyboard and undo, what is selected, and where it stands."""
