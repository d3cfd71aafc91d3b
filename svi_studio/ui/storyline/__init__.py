"""The storyline helper: what one wishes, the pictures, who writes, and the desk where a proposal is judged."""
