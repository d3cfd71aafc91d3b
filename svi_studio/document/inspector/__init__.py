"""What the inspector shows of an open film, without widgets."""
