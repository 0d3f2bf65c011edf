"""`tf.contrib.learn.datasets`: MNIST, irises, and tables from files."""

from minitf.contrib.learn.datasets import base
from minitf.contrib.learn.datasets.base import load_boston, load_iris
from minitf.examples.tutorials.mnist import input_data as mnist

DATASETS = {"iris": load_iris, "boston": load_boston, "mnist": mnist.load_mnist}

__all__ = ["DATASETS", "base", "load_boston", "load_dataset", "load_iris", "mnist"]


def load_dataset(name, size="small", test_with_fake_data=False):
    """The data set of this name: "mnist", "iris" or "boston", else ValueError.

    `size` and `test_with_fake_data` belong to data sets of text.
    """
    if name not in DATASETS:
        raise ValueError(f"Name of dataset is not found: {name}. There are: {list(DATASETS)}")
    return DATASETS[name]()
