"""The painted surface on which the lanes stand."""
