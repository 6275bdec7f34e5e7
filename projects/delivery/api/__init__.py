"""Projects over the API: what everybody reads, what the lead tells, and what the desk decides."""
