"""The tags of the agents' door."""
