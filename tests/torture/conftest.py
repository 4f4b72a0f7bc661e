"""What is not to be looked at for tests: the module that changes the clock of whoever loads it."""

collect_ignore = ["wrong_clock"]
