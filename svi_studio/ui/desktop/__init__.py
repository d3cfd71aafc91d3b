"""Where the window meets the desktop: its messages, its signals, its screens, its crashes."""
