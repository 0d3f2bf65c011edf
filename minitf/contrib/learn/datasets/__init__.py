"""`tf.contrib.learn.datasets`: MNIST."""

from minitf.examples.tutorials.mnist import input_data as mnist

DATASETS = {"mnist": mnist.load_mnist}


def load_dataset(name, size="small", test_with_fake_data=False):
    """The data set of this name: "mnist" is the one there is, else ValueError.

    `size` and `test_with_fake_data` belong to data sets of text.
    """
    if name not in DATASETS:
        raise ValueError(f"Name of dataset is not found: {name}. There are: {list(DATASETS)}")
    return DATASETS[name]()
