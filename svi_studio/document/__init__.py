"""The open film as Qt objects without widgets: its storyboard, undo, selection, playhead, takes and states."""
