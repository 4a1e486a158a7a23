"""Code to take away: a formula's value and gradient as one self-contained function of another language.

A file for each language says how it writes the primitives; what a language lacks comes as a helper, once, and only
where it is used: composed rows of the table from their precise forms, special functions from `special`.
"""
