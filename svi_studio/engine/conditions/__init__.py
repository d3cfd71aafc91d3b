"""What a clip follows beside its words and its picture: sound for Talk, a skeleton for Dance."""
