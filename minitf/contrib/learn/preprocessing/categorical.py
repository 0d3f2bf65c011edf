"""Columns of categories as numbers: `tf.contrib.learn.preprocessing.CategoricalProcessor`."""
import numpy as np

from minitf.contrib.learn.preprocessing.vocabulary import CategoricalVocabulary
from minitf.core.deprecation import warn_once


class CategoricalProcessor:
    """Rows of categories as rows of numbers, 0 for unknown ones and for NaN.

    Each column has a CategoricalVocabulary, or all one if `share`; categories seen `min_frequency`
    times or fewer are unknown.
    """

    def __init__(self, min_frequency=0, share=False, vocabularies=None):
        warn_once("CategoricalProcessor", "tensorflow/transform or tf.data")
        self.min_frequency, self.share, self.vocabularies_ = min_frequency, share, vocabularies

    def freeze(self, freeze=True):
        """From now on unknown categories get 0."""
        for vocabulary in self.vocabularies_:
            vocabulary.freeze(freeze)

    def fit(self, x, unused_y=None):
        """Learn the categories of these rows, and no others after."""
        for row in x:
            if self.vocabularies_ is None:
                shared = CategoricalVocabulary()
                self.vocabularies_ = [shared if self.share else CategoricalVocabulary()
                                      for _ in row]  # fmt: skip
            for vocabulary, value in zip(self.vocabularies_, row):
                if value == value:  # NaN is not
                    vocabulary.add(value)
        if self.min_frequency > 0:
            for vocabulary in self.vocabularies_:
                vocabulary.trim(self.min_frequency)
        self.freeze()
        return self

    def fit_transform(self, x, unused_y=None):
        """Learn the categories of these rows; an int64 row for each."""
        self.fit(x)
        return self.transform(x)

    def transform(self, x):
        """An int64 row for each row."""
        self.freeze()
        for row in x:
            yield np.array(
                [vocabulary.get(value) if value == value else 0
                 for vocabulary, value in zip(self.vocabularies_, row)],
                np.int64,
            )  # fmt: skip
