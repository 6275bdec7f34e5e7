"""Applications over the API: what the pages' own scripts call, and others too."""
