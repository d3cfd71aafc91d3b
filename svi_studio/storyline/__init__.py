"""A word or a picture becomes a storyboard: pictures to start from, writers of prompts, and their proposals."""
