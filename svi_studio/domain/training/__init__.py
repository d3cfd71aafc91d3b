"""Trainings as values: the recipe, the footage, what it costs, what happens, and how films drift."""
