"""`tf.test.StubOutForTesting`: attributes put in place of others, and back."""
import inspect


class StubOutForTesting:
    """Replaces attributes of modules, classes and objects until `CleanUp`, or the end of `with`."""

    def __init__(self):
        self.cache, self.stubs = [], []

    def __del__(self):
        self.CleanUp()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.CleanUp()

    def CleanUp(self):
        """Put everything back."""
        self.SmartUnsetAll()
        self.UnsetAll()

    def SmartSet(self, obj, attr_name, new_attr):
        """Replace an attribute where it comes from: of an object that may be one of its class.

        AttributeError when there is none.
        """
        if inspect.ismodule(obj) or (not inspect.isclass(obj) and attr_name in vars(obj)):
            owner = obj
        else:
            owner = (obj if inspect.isclass(obj) else type(obj)).__mro__[0]
        if not hasattr(obj, attr_name):
            raise AttributeError("Attribute not found.")
        self.stubs.append((owner, attr_name, _as_found(obj, attr_name)))
        setattr(owner, attr_name, new_attr)

    def SmartUnsetAll(self):
        """Put back what SmartSet has replaced."""
        for stub in reversed(self.stubs):
            setattr(*stub)
        self.stubs = []

    def Set(self, parent, child_name, new_child):
        """Replace an attribute of `parent`."""
        self.cache.append((parent, _as_found(parent, child_name), child_name))
        setattr(parent, child_name, new_child)

    def UnsetAll(self):
        """Put back what Set has replaced."""
        for parent, child, name in reversed(self.cache):
            setattr(parent, name, child)
        self.cache = []


def _as_found(owner, name):
    """The attribute; a static method stays one."""
    found = getattr(owner, name)
    static = isinstance(getattr(owner, "__dict__", {}).get(name), staticmethod)
    return staticmethod(found) if static else found
