"""Texts as rows of numbers: `tf.contrib.learn.preprocessing.VocabularyProcessor`, ..."""
import pickle
import re

import numpy as np

from minitf.contrib.learn.preprocessing.vocabulary import CategoricalVocabulary
from minitf.core.deprecation import warn_once
from minitf.gfile import GFile

_TOKEN = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z][a-z]+(?=[A-Z])|[\'\w\-]+", re.UNICODE)


def tokenizer(iterator):
    """The words of each text, a list."""
    for value in iterator:
        yield _TOKEN.findall(value)


class ByteProcessor:
    """Texts as rows of bytes, `max_document_length` of each, zeros at the end."""

    def __init__(self, max_document_length):
        warn_once("ByteProcessor", "tensorflow/transform or tf.data")
        self.max_document_length = max_document_length

    def fit(self, x):
        """Nothing to learn."""

    def fit_transform(self, x):
        return self.transform(x)

    def reverse(self, x):
        """The text of each row, "" of what is no UTF-8."""
        for data in x:
            document = np.trim_zeros(data.astype(np.int8), trim="b").tobytes()
            try:
                yield document.decode("utf-8")
            except UnicodeDecodeError:
                yield ""

    def transform(self, x):
        """A uint8 row for each text, str or bytes."""
        for document in x:
            data = document.encode() if isinstance(document, str) else bytes(document)
            row = np.zeros(self.max_document_length, np.uint8)
            part = np.frombuffer(data[: self.max_document_length], np.uint8)
            row[: len(part)] = part
            yield row


class VocabularyProcessor:
    """Texts as rows of numbers of words, `max_document_length` of each, zeros at the end.

    Words seen `min_frequency` times or fewer get 0, the unknown word's number. `vocabulary` is a
    CategoricalVocabulary; `tokenizer_fn` makes lists of words of texts.
    """

    def __init__(self, max_document_length, min_frequency=0, vocabulary=None, tokenizer_fn=None):
        warn_once("VocabularyProcessor", "tensorflow/transform or tf.data")
        self.max_document_length, self.min_frequency = max_document_length, min_frequency
        self.vocabulary_ = vocabulary or CategoricalVocabulary()
        self._tokenizer = tokenizer_fn or tokenizer

    def fit(self, raw_documents, unused_y=None):
        """Learn the words of these texts, and no others after."""
        for tokens in self._tokenizer(raw_documents):
            for token in tokens:
                self.vocabulary_.add(token)
        if self.min_frequency > 0:
            self.vocabulary_.trim(self.min_frequency)
        self.vocabulary_.freeze()
        return self

    def fit_transform(self, raw_documents, unused_y=None):
        """Learn the words of these texts; an int64 row for each."""
        self.fit(raw_documents)
        return self.transform(raw_documents)

    def transform(self, raw_documents):
        """An int64 row for each text."""
        for tokens in self._tokenizer(raw_documents):
            row = np.zeros(self.max_document_length, np.int64)
            known = [self.vocabulary_.get(token) for token in tokens[: self.max_document_length]]
            row[: len(known)] = known
            yield row

    def reverse(self, documents):
        """The words of each row, with spaces between."""
        for row in documents:
            yield " ".join(self.vocabulary_.reverse(number) for number in row)

    def save(self, filename):
        """Write it to a file, by pickle."""
        with GFile(filename, "wb") as file:
            file.write(pickle.dumps(self))

    @classmethod
    def restore(cls, filename):
        """What `save` wrote; as with all of pickle, only from files that you trust."""
        with GFile(filename, "rb") as file:
            return pickle.loads(file.read())
