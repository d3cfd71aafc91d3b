"""Pictures from outside: decoded in a process of their own, upright, and in the colours that they mean."""
