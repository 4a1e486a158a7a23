"""Tables in files: places, formats, chunks of rows, readers and writers.

Imported only by the commands that need it: its modules import numpy and pyarrow (the extra
`data`) at their top, all but `formats`.
"""
