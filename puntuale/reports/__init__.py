"""What was promised and what was done, counted: a room that reads, and owns no rule of the promise."""
