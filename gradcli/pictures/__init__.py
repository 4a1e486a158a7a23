"""Pictures: a graph as boxes and arrows, in layers, as SVG and PNG."""
