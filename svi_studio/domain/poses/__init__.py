"""Skeletons: where the joints of one person are in every frame, and what can be done to them, with numpy alone."""
