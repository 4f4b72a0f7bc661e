"""Tags of this door."""
