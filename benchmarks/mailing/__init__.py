"""What the benchmark of mail is made of."""
