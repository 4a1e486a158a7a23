"""Plots: a formula along one variable or over two, sampled where it bends, with what happens on the way."""
