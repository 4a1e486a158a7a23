"""Random programs that hold every executor of gradcli against every other; see `__main__`."""
