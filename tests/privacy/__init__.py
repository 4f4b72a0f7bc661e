"""What is kept about people, and what is left of it."""
