"""Published agreements, contracts, products: which promise is in force, and for whom."""
