"""The film as the timeline shows it, without widgets: what lies where in frames and in pixels."""
