"""Programs for whoever works on Puntuale itself."""
