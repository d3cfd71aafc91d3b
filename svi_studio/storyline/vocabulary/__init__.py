"""What a model that knows only some words and things can film."""
