"""A folder of somebody's videos as clips for a training: cut, checked, captioned and shown."""
