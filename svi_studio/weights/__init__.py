"""Which models are on this computer, without importing torch."""
