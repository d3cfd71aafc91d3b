"""What error recycling does to svi-theatre, for every family that hands something on: Film, Pro, Talk and Dance."""
