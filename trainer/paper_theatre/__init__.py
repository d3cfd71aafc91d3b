"""The paper theatre: a small procedural world with known truth, which the bundled model learned."""
