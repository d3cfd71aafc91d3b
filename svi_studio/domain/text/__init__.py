"""Text for people and from strangers: durations in words, differences, names of files, strict JSON."""
