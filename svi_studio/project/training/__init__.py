"""The trainings on this computer: their folders, their presets, and their deletion."""
