"""From an analysed video to its clips: where it is cut, and why one is left out."""
