"""`tf.contrib.distributions.SeedStream`."""
import hashlib


class SeedStream:
    """Seeds that follow from one, another at each call; None for None. `salt` tells streams of the
    same seed apart."""

    def __init__(self, seed, salt):
        self._seed = seed.original_seed if isinstance(seed, SeedStream) else seed
        self._salt, self._counter = salt, 0

    def __call__(self):
        """The next seed."""
        self._counter += 1
        if self._seed is None:
            return None
        text = str((self._seed, self._counter, self._salt))
        return int(hashlib.sha512(text.encode()).hexdigest(), 16)

    @property
    def original_seed(self):
        """The seed that they follow from."""
        return self._seed

    @property
    def salt(self):
        """What tells it apart."""
        return self._salt
