"""`tf.contrib.learn`: the data sets, under the names of TensorFlow 1's tutorials."""
from types import SimpleNamespace

from minitf.contrib.learn import datasets

# tensorflow.contrib.learn.python.learn.datasets, where programs import it from as well
python = SimpleNamespace(learn=SimpleNamespace(datasets=datasets, __path__=[]), __path__=[])
