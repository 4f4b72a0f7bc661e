"""Tickets: what customers ask, what was promised, what was answered. One capability a file."""
