"""Plans and requests of a render: the job of every clip, what it costs, and what happens meanwhile."""
