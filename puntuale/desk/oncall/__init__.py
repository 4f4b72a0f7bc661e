"""The page On call: who is woken now, who is on call when, and how people are reached."""
