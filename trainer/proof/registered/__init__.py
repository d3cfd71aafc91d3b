"""The proof that was written down before its films were made: arms, storyboards, measures, intervals (PROTOCOL.md)."""
