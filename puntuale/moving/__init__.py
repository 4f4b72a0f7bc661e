"""Moving in from another desk, and out of this one with everything."""
