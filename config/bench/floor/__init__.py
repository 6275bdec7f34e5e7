"""What the product is measured against: a stock Django page and a stock view that writes, with nothing of ours."""
