"""The first thing one sees: start a film from a picture, open an example, go on with a film."""
