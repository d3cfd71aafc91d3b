"""The preview: plays the film and its takes, shows the clip that is being made, compares two takes."""
