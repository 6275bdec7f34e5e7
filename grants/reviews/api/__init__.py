"""The review room over the API: the same deeds, under the same rules."""
