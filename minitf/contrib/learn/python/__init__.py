"""`tensorflow.contrib.learn.python`, where programs import the data sets from as well."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.learn.python import learn
