"""The Center's pages on cohorts, on founding cities, and on who may do what where."""
