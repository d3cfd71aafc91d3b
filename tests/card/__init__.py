"""What a graphics card does with models of full size and random weights: ``python -m tests.card`` writes one table."""
