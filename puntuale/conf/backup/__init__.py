"""Copies of the whole desk, database and files together, that are known to be whole because they were looked at."""
