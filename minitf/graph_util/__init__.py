"""`tf.graph_util`: graphs as messages, read, cut and made constant."""

from minitf.graph_util.importer import import_graph_def
