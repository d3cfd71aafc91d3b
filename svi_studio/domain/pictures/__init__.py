"""How a film sees its pictures: their framing and their credits."""
