"""The proof in miniature: does error recycling stop the drift of the bundled model, and which part of it does what?"""
