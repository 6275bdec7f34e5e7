"""The city's desk: what staff see of the applications that came in, and what they say to them."""
