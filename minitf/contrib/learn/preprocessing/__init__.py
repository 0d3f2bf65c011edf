"""`tf.contrib.learn.preprocessing`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.learn.preprocessing.categorical import CategoricalProcessor
from minitf.contrib.learn.preprocessing.text import (
    ByteProcessor,
    VocabularyProcessor,
    tokenizer,
)
from minitf.contrib.learn.preprocessing.vocabulary import CategoricalVocabulary
