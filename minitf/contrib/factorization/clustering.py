"""`tf.contrib.factorization.KMeansClustering`: that of tf.estimator, as it was before."""
from minitf.core.arguments import takes
from minitf.estimator.canned.kmeans import KMeansClustering as _KMeansClustering


class KMeansClustering(_KMeansClustering):
    __doc__ = (_KMeansClustering.__doc__ or "") + """
    What `transform` gives are the squares of distances.
    """

    @takes(_KMeansClustering, without=["seed"],
           before={"use_mini_batch": {"random_seed": 0}})  # fmt: skip
    def __init__(self, random_seed, **kwargs):
        super().__init__(seed=random_seed, **kwargs)

    def _seed_of(self, seed):
        return seed

    def transform(self, input_fn):
        """The distances to all centers, of each point; squared unless by angles."""
        return self._predicted(input_fn, self.ALL_DISTANCES)
