"""The recipe of the bundled model, svi-mini: a tiny Wan video model of the paper theatre."""
