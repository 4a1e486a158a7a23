"""Files of points: what `gradcli batch` does, one chunk of rows at a time."""
