"""The files that a film names: copied into its folder, or found again."""
