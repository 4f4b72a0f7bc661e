"""Filling a desk with as many tickets as a large vendor has, within minutes."""
