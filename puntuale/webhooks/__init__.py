"""Programs elsewhere are told what happens: signed, in order, again and again until they have taken it."""
