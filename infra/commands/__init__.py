"""One module a command; the Makefile calls them."""
