"""The storyline helper: the brief, the pictures, who writes, and the desk where a proposal is judged."""
