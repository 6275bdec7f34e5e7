"""A form posted while signed out is kept for an hour and shown for confirmation after signing in."""
