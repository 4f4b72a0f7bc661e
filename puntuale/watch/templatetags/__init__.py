"""The tags of the watch."""
