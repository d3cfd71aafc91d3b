"""What an export is asked for, what it will be, and how it runs."""
