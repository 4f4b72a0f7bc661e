"""The design system: frame, components, tokens, icons; what every page is made of."""
