"""Pages of the review room: for reviewers, and for those who ask them."""
