"""`tf.keras.preprocessing.text`: words as numbers."""
import collections
import hashlib
import json
import math
import warnings

import numpy as np

FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
_COUNTS = ("word_counts", "word_docs", "index_docs", "index_word", "word_index")


def text_to_word_sequence(text, filters=FILTERS, lower=True, split=" "):
    """The words of a text: what stands between `split` and the characters of `filters`."""
    text = text.lower() if lower else text
    return [word for word in text.translate({ord(c): split for c in filters}).split(split) if word]


def one_hot(text, n, filters=FILTERS, lower=True, split=" "):
    """A number from 1 to n - 1 for each word, by Python's `hash`: other ones in each process."""
    return hashing_trick(text, n, hash, filters=filters, lower=lower, split=split)


def hashing_trick(text, n, hash_function=None, filters=FILTERS, lower=True, split=" "):
    """A number from 1 to n - 1 for each word, by a hash: Python's, "md5", or one of your own."""
    if hash_function is None:
        hash_function = hash
    elif hash_function == "md5":
        hash_function = _md5
    words = text_to_word_sequence(text, filters=filters, lower=lower, split=split)
    return [hash_function(word) % (n - 1) + 1 for word in words]


def _md5(word):
    return int(hashlib.md5(word.encode(), usedforsecurity=False).hexdigest(), 16)


class Tokenizer:
    """Words as numbers from 1, the commonest first, and texts as sequences of these.

    Only the commonest `num_words` - 1 are kept; others are left out, or are `oov_token`, which is
    number 1. `char_level` takes characters for words; texts may also be lists of words.
    """

    def __init__(
        self, num_words=None, filters=FILTERS, lower=True, split=" ", char_level=False,
        oov_token=None, document_count=0, **kwargs,
    ):  # fmt: skip
        if "nb_words" in kwargs:
            warnings.warn("The `nb_words` argument in `Tokenizer` has been renamed `num_words`.",
                          stacklevel=2)  # fmt: skip
            num_words = kwargs.pop("nb_words")
        if kwargs:
            raise TypeError(f"Unrecognized keyword arguments: {kwargs}")
        self.num_words, self.filters, self.lower, self.split = num_words, filters, lower, split
        self.char_level, self.oov_token = char_level, oov_token
        self.document_count = document_count
        self.word_counts = collections.OrderedDict()
        self.word_docs, self.index_docs = collections.defaultdict(int), collections.defaultdict(int)
        self.word_index, self.index_word = {}, {}

    def _words(self, text):
        if not (self.char_level or isinstance(text, list)):
            return text_to_word_sequence(text, self.filters, self.lower, self.split)
        if not self.lower:
            return text
        return [word.lower() for word in text] if isinstance(text, list) else text.lower()

    def fit_on_texts(self, texts):
        """Count the words of these texts, and number all that were counted."""
        for text in texts:
            self.document_count += 1
            words = self._words(text)
            for word in words:
                self.word_counts[word] = self.word_counts.get(word, 0) + 1
            for word in set(words):
                self.word_docs[word] += 1
        ordered = sorted(self.word_counts.items(), key=lambda item: item[1], reverse=True)
        known = [] if self.oov_token is None else [self.oov_token]
        known += [word for word, _ in ordered]
        self.word_index = dict(zip(known, range(1, len(known) + 1)))
        self.index_word = {index: word for word, index in self.word_index.items()}
        for word, count in self.word_docs.items():
            self.index_docs[self.word_index[word]] = count

    def fit_on_sequences(self, sequences):
        """Count in how many of these sequences each number is."""
        self.document_count += len(sequences)
        for sequence in sequences:
            for index in set(sequence):
                self.index_docs[index] += 1

    def texts_to_sequences(self, texts):
        """The numbers of the words of each text."""
        return list(self.texts_to_sequences_generator(texts))

    def texts_to_sequences_generator(self, texts):
        """The same, one after the other."""
        unknown = self.word_index.get(self.oov_token)
        for text in texts:
            found = [self.word_index.get(word) for word in self._words(text)]
            numbers = [unknown if index is None or self._is_rare(index) else index
                       for index in found]  # fmt: skip
            yield [index for index in numbers if index is not None]

    def _is_rare(self, index):
        return bool(self.num_words) and index >= self.num_words

    def sequences_to_texts(self, sequences):
        """The words of the numbers of each sequence, as one text."""
        return list(self.sequences_to_texts_generator(sequences))

    def sequences_to_texts_generator(self, sequences):
        """The same, one after the other."""
        unknown = self.index_word.get(self.word_index.get(self.oov_token))
        for sequence in sequences:
            words = [unknown if self._is_rare(index) else self.index_word.get(index, unknown)
                     for index in sequence]  # fmt: skip
            yield " ".join(word for word in words if word is not None)

    def texts_to_matrix(self, texts, mode="binary"):
        """As `sequences_to_matrix`, of texts."""
        return self.sequences_to_matrix(self.texts_to_sequences(texts), mode=mode)

    def sequences_to_matrix(self, sequences, mode="binary"):
        """[sequences, words]: what each has of each word.

        `mode` "binary" says whether it is there, "count" how often, "freq" as a part of all, and
        "tfidf" weighs it by how rare it is. ValueError for other modes, or before any text.
        """
        if not self.num_words and not self.word_index:
            raise ValueError(
                "Specify a dimension (`num_words` argument), or fit on some text data first."
            )
        if mode == "tfidf" and not self.document_count:
            raise ValueError("Fit the Tokenizer on some data before using tfidf mode.")
        if mode not in ("binary", "count", "freq", "tfidf"):
            raise ValueError("Unknown vectorization mode:", mode)
        width = self.num_words or len(self.word_index) + 1
        matrix = np.zeros((len(sequences), width))
        for row, sequence in zip(matrix, sequences):
            for index, count in collections.Counter(sequence).items():
                if index < width:
                    row[index] = self._weight(mode, index, count, len(sequence))
        return matrix

    def _weight(self, mode, index, count, length):
        if mode == "binary":
            return 1
        if mode == "tfidf":
            rarity = self.document_count / (1 + self.index_docs.get(index, 0))
            return (1 + math.log(count)) * math.log(1 + rarity)
        return count if mode == "count" else count / length

    def get_config(self):
        """The arguments, and what was counted as JSON."""
        return {
            "num_words": self.num_words,
            "filters": self.filters,
            "lower": self.lower,
            "split": self.split,
            "char_level": self.char_level,
            "oov_token": self.oov_token,
            "document_count": self.document_count,
        } | {name: json.dumps(getattr(self, name)) for name in _COUNTS}

    def to_json(self, **kwargs):
        """The configuration as JSON; `kwargs` are those of json.dumps."""
        described = {"class_name": type(self).__name__, "config": self.get_config()}
        return json.dumps(described, **kwargs)


def tokenizer_from_json(json_string):
    """The Tokenizer of what `to_json` gave."""
    config = json.loads(json_string)["config"]
    counts = {name: json.loads(config.pop(name)) for name in _COUNTS}
    tokenizer = Tokenizer(**config)
    for name, value in counts.items():
        by_index = name.startswith("index")
        setattr(tokenizer, name, {int(k): v for k, v in value.items()} if by_index else value)
    return tokenizer
