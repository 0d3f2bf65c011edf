"""Categories and their numbers: `tf.contrib.learn.preprocessing.CategoricalVocabulary`."""
from collections import defaultdict

from minitf.core.deprecation import warn_once


class CategoricalVocabulary:
    """Gives each category a number, from 1 on; 0 is the unknown one.

    `support_reverse` keeps what `reverse` needs.
    """

    def __init__(self, unknown_token="<UNK>", support_reverse=True):
        warn_once("CategoricalVocabulary", "tensorflow/transform or tf.data")
        self._unknown_token, self._support_reverse = unknown_token, support_reverse
        self._freq = defaultdict(int)
        self._freeze = False
        self._start()

    def _start(self):
        self._mapping = {self._unknown_token: 0}
        self._reverse_mapping = [self._unknown_token]

    def __len__(self):
        return len(self._mapping)

    def freeze(self, freeze=True):
        """From now on unknown categories get 0; `freeze=False` lets them come in again."""
        self._freeze = freeze

    def get(self, category):
        """The number of `category`, a new one for a new category unless frozen."""
        if category not in self._mapping:
            if self._freeze:
                return 0
            self._append(category)
        return self._mapping[category]

    def _append(self, category):
        self._mapping[category] = len(self._mapping)
        if self._support_reverse:
            self._reverse_mapping.append(category)

    def add(self, category, count=1):
        """Count `category` once more, or `count` times."""
        if self.get(category) > 0:
            self._freq[category] += count

    def trim(self, min_frequency, max_frequency=-1):
        """Forget categories seen `min_frequency` times or fewer, or, if that is positive,
        `max_frequency` times or more; the others are numbered anew, the most frequent first."""
        by_name = sorted(self._freq.items(), key=lambda each: (isinstance(each[0], str), each[0]))
        ordered = sorted(by_name, key=lambda each: each[1], reverse=True)
        self._start()
        for category, count in ordered:
            if max_frequency > 0 and count >= max_frequency:
                continue
            if count <= min_frequency:
                break
            self._append(category)
        self._freq = dict(ordered[: len(self._mapping) - 1])

    def reverse(self, class_id):
        """The category of a number. ValueError without `support_reverse`."""
        if not self._support_reverse:
            raise ValueError(
                "This vocabulary wasn't initialized with support_reverse to support reverse() "
                "function."
            )
        return self._reverse_mapping[class_id]
