"""Trying a promise before it is published: what became of history, had another agreement been in force."""
