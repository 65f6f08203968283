"""Values of points that stand in files: text with `@data.npy`, `@table.csv:column` -> numbers and arrays of float64.

numpy_files   .npy and .npz, which are never unpickled
tables        columns of .csv and .tsv, and numbers separated by blanks
place         where names of files lead: a folder, standard input
points        points with files in them, and points that stand in files themselves
"""

from gradcli.data.place import Place
from gradcli.data.points import joined, resolved

__all__ = ["Place", "joined", "resolved"]
