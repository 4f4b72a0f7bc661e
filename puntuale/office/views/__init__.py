"""The pages of the managers' door."""
