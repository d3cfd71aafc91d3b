"""The storyboard timeline: ruler, markers, clip cards and anchors of one film, painted as one surface, or as a grid."""
