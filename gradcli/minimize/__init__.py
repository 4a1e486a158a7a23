"""Minimising an expression by its exact derivatives."""
