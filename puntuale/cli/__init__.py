"""The command line: `puntuale quote`, `explain`, `agreement` and the rest, each in a file of its own."""
