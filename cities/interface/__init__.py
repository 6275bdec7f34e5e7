"""Page furniture: component tags, formats, accent colours. Knows nothing of grants."""
