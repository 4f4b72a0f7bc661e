"""What goes to customers by mail, and what comes from them."""
