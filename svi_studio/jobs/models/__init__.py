"""Models of this computer and of the hub, looked for and fetched in threads."""
