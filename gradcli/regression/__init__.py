"""Least squares: a formula with parameters, fitted to the rows of a table of any length by its exact Jacobian."""
