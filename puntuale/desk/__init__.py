"""The agents' door: the queue and the answer."""
