"""What a session keeps for a handle that an op of its own fills: trees, statistics, quantiles."""
import threading

from minitf.core.errors import NotFoundError
from minitf.core.resource import Resource


class Kept(Resource):
    """Not there until it is `ready`; `lock` is held by who reads or changes it."""

    named = True
    ready = False

    def __init__(self, operation):
        super().__init__(operation)
        self.lock = threading.RLock()

    def there(self):
        """Itself. NotFoundError where it was not made yet."""
        if not self.ready:
            raise NotFoundError(
                None, None,
                f"Resource '{self.name.rstrip('/')}' does not exist yet: run "
                "resources.initialize_resources(resources.shared_resources()) before it is used",
            )  # fmt: skip
        return self
