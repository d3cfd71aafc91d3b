"""The sounds of an open film."""
