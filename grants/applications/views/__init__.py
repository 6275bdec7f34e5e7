"""Pages of the resident's side, from starting to seeing where an application stands."""
