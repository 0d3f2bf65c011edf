"""A function of arrays that a trained model is: what all predictors have in common."""
class Predictor:
    """A model with its session: called with a dict of arrays, it returns one."""

    graph = property(lambda self: self._graph, doc="The graph of the model.")
    session = property(lambda self: self._session, doc="The session with its variables.")
    feed_tensors = property(lambda self: self._feed_tensors, doc="What is fed, by names.")
    fetch_tensors = property(lambda self: self._fetch_tensors, doc="What is fetched, by names.")

    def __repr__(self):
        return (f"{type(self).__name__} with feed tensors {self._feed_tensors} and fetch_tensors "
                f"{self._fetch_tensors}")  # fmt: skip

    def __call__(self, input_dict):
        """The arrays of `fetch_tensors`, for arrays by the names of `feed_tensors`.

        None stands for one that is not fed. ValueError for other names.
        """
        expected = set(self.feed_tensors)
        unexpected = set(input_dict) - expected
        if unexpected:
            raise ValueError(f"Got unexpected keys in input_dict: {unexpected}\nexpected: "
                             f"{expected}")  # fmt: skip
        given = {key: input_dict.get(key) for key in self.feed_tensors}
        feeds = {self.feed_tensors[key]: value for key, value in given.items() if value is not None}
        return self._session.run(self.fetch_tensors, feeds)
