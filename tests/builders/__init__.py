"""What the tests of several packages make: films, takes, videos, and how they are read back."""
