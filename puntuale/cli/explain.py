"""`puntuale explain`: a quote, or a ticket's promise, with everything it rests on."""
