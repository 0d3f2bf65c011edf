"""What stands for the session of a test case where operations run at once."""


class NoSession:
    """What `session()` gives: AttributeError for all that is asked of it."""

    def __getattr__(self, name):
        raise AttributeError(
            f"There is no session to ask for `{name}` while eager execution is enabled: use the "
            "values of tensors, or `self.evaluate(...)`, which serves in graphs as well."
        )


class Evaluating:
    """What `cached_session()` gives: it runs nothing, and says the values of tensors."""

    def __init__(self, test_case):
        self._test_case = test_case

    def run(self, fetches, *args, **kwargs):
        """The values of tensors. RuntimeError for feeds, or other arguments."""
        if kwargs.pop("feed_dict", None) or args or kwargs:
            raise RuntimeError(
                "sess.run(t) takes nothing but tensors when eager execution is enabled: it is "
                "shorthand for t.numpy()"
            )
        return self._test_case.evaluate(fetches)
