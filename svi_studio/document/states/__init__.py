"""How every clip of the open film stands: its plan, its takes, and what the model cannot make."""
