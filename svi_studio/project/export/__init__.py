"""What leaves a film: the film file, the contact sheet, and their credits."""
