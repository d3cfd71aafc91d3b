"""The larger bundled model, svi-theatre: the paper theatre at 160 x 96, 24 frames a second, with Talk and Dance."""
