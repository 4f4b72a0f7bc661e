"""Figures beside named peers, each repeated by one command."""
