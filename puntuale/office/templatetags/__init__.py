"""The tags of the managers' door."""
