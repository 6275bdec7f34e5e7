"""A city's money before it is awarded: what it received, what its cycles were given, and the books themselves."""
