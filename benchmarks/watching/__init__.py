"""Measuring the watch."""
