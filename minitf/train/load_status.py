"""What `tf.train.Checkpoint.restore` returns: whether all was restored, and how to run it."""
import weakref

from minitf.core.trackable import Contents
from minitf.ops.state.variables import Variable, in_init_scope
from minitf.train import object_restore, object_values
from minitf.train.object_graph import ObjectGraph, paths
from minitf.train.saver import Saver


class _Status:
    """The base: of the objects below `root`."""

    def __init__(self, root):
        self._root = root

    def expect_partial(self):
        """Do not warn of what the checkpoint has and the program has not; the status."""
        return self

    def _objects(self):
        return ObjectGraph(self._root).objects

    def _initialize(self, session, number):
        """Run the initializers of variables that no later restore has to do with."""
        variables = [
            item for item in self._objects()
            if isinstance(item, Variable) and object_restore.newest.get(item, 0) < number
        ]  # fmt: skip
        session.run([each.initializer for each in variables if each.initializer is not None])


class CheckpointLoadStatus(_Status):
    """The status of restoring a checkpoint of objects."""

    def __init__(self, restore, root):
        super().__init__(root)
        self._restore, restore.status = restore, weakref.ref(self)

    def assert_consumed(self):
        """The status, if every value of the checkpoint is in the program and every object of the
        program in the checkpoint; else AssertionError."""
        self.assert_existing_objects_matched()
        restore = self._restore
        missing = restore.unresolved()
        if missing is not None:
            name = paths(restore.nodes)[missing]
            raise AssertionError(
                f"Unresolved object in checkpoint {name}: {restore.nodes[missing]}"
            )
        if restore.unused:
            names = paths(restore.nodes)
            unused = [f"{names[node]} ({restore.get(node)}): {attributes}"
                      for node, attributes in restore.unused.items()]  # fmt: skip
            raise AssertionError(
                "Unused attributes in these objects (the attributes exist in the checkpoint but "
                "were not restored):\n" + "\n".join(unused)
            )
        return self

    def assert_existing_objects_matched(self):
        """The status, if every object of the program that there is by now is in the checkpoint;
        else AssertionError."""
        restore = self._restore
        for node in restore.objects:
            item = restore.get(node)
            if item is not None and object_restore.newest[item] < restore.number:
                raise AssertionError(
                    f"Object not assigned a value from checkpoint: {restore.nodes[node]}"
                )
        unmatched = self._unmatched(self._objects())
        if unmatched:
            raise AssertionError(
                "Some Python objects were not bound to checkpointed values, likely due to changes "
                f"in the Python program: {unmatched}"
            )
        return self

    def assert_nontrivial_match(self):
        """The status, if more than the object that restores is in the checkpoint; else
        AssertionError."""
        if len(self._restore.objects) > 1:
            return self
        unmatched = self._unmatched(self._objects())
        if unmatched:
            raise AssertionError(
                "Nothing except the root object matched a checkpointed value. Typically this means "
                "that the checkpoint does not match the Python program. The following objects have "
                f"no matching checkpointed value: {unmatched}"
            )
        raise AssertionError(
            f"Nothing to load. No dependencies have been added to {self._root} yet."
        )

    def _unmatched(self, objects):
        matched = {id(self._restore.get(node)) for node in self._restore.objects}
        return [item for item in objects if id(item) not in matched]

    def run_restore_ops(self, session=None):
        """Give variables of a graph their values in the session, or the default one."""
        if not in_init_scope().eager:
            self._restore.run(object_values.session_or_default(session))

    def stream_restore_ops(self, session):
        """The same; and variables that are made later get theirs when they are."""
        self._restore.stream(session)

    def initialize_or_restore(self, session=None):
        """As `run_restore_ops`; the initializers of variables that the checkpoint has not, too."""
        if in_init_scope().eager:
            return
        session = object_values.session_or_default(session)
        self.run_restore_ops(session)
        self._initialize(session, self._restore.number)

    def expect_partial(self):
        """Do not warn of what the checkpoint has and the program has not; the status."""
        self._restore.tells.detach()
        return self

    def stop(self):
        """Leave what is made later as it is; the status."""
        self._restore.stop()
        return self


class InitializationOnlyStatus(_Status):
    """The status where there was no checkpoint to restore: variables are initialized."""

    def __init__(self, root):
        super().__init__(root)
        self._number = object_restore.number()

    def assert_consumed(self):
        """AssertionError."""
        raise AssertionError(
            "No checkpoint specified (save_path=None); nothing is being restored."
        )

    assert_existing_objects_matched = assert_nontrivial_match = assert_consumed

    def run_restore_ops(self, session=None):
        """AssertionError: `initialize_or_restore` does what is to be done."""
        raise AssertionError(
            "No checkpoint specified, so no restore ops are available (save_path=None to "
            "Saver.restore)."
        )

    def initialize_or_restore(self, session=None):
        """Run the initializers of variables in the session, or the default one."""
        if not in_init_scope().eager:
            self._initialize(object_values.session_or_default(session), self._number)


class NameBasedSaverStatus(_Status):
    """The status of restoring what tf.train.Saver has written: variables by their names."""

    def __init__(self, save_path, root, restore=None):
        super().__init__(root)
        self._save_path, self._restore, self._number = save_path, restore, object_restore.number()

    def assert_consumed(self):
        """The status, if all variables have been restored; else AssertionError."""
        unused = self._restore.unused if self._restore else ()
        if unused:
            names = "".join(f"\n    {each}: {each.op.name}" for each in unused)
            raise AssertionError(f"Some objects had attributes which were not restored:{names}")
        number = self._restore.number if self._restore else self._number
        for item in self._objects():
            if object_restore.newest.get(item, 0) < number and not isinstance(item, Contents):
                raise AssertionError(f"Object not restored: {item}")
        return self

    assert_existing_objects_matched = assert_nontrivial_match = assert_consumed

    def run_restore_ops(self, session=None):
        """Restore the variables in the session, or the default one."""
        if in_init_scope().eager:
            return
        variables = []
        for item in self._objects():
            if object_restore.newest.get(item, 0) < self._number:
                object_restore.newest[item] = self._number
                variables += [item] if isinstance(item, Variable) else []
        Saver(variables).restore(object_values.session_or_default(session), self._save_path)

    initialize_or_restore = run_restore_ops

    def stream_restore_ops(self, session):
        """NotImplementedError: `run_restore_ops` does it for all variables at once."""
        raise NotImplementedError(
            "Streaming restore not supported from name-based checkpoints when graph building. As a "
            "workaround, use tf.train.Checkpoint to load name-based checkpoints."
        )
