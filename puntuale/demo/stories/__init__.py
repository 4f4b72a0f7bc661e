"""What the customers of the demo wrote, and what they were answered."""
