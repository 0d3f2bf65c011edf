"""tf.train.SessionManager: makes sessions whose variables have values, saved or new ones."""
import time

import numpy as np

from minitf import logging
from minitf.core import errors
from minitf.core.graph import get_default_graph
from minitf.session import Session
from minitf.train import checkpoint_management


class SessionManager:
    """Makes sessions for a graph, and sees to it that what they need has a value.

    `local_init_op` is run once `ready_for_local_init_op`, and the session is ready once `ready_op`
    gives no names of variables without a value. ValueError for the former without the op that it
    is about.
    """

    def __init__(self, local_init_op=None, ready_op=None, ready_for_local_init_op=None, graph=None,
                 recovery_wait_secs=30, local_init_run_options=None):
        if ready_for_local_init_op is not None and local_init_op is None:
            raise ValueError("If you pass a ready_for_local_init_op you must also pass a "
                             f"local_init_op , ready_for_local_init_op [{ready_for_local_init_op}]")
        self._local_init_op, self._ready_op = local_init_op, ready_op
        self._ready_for_local_init_op = ready_for_local_init_op
        self._graph = get_default_graph() if graph is None else graph
        self._recovery_wait_secs = recovery_wait_secs
        self._local_init_run_options = local_init_run_options

    def prepare_session(self, master, init_op=None, saver=None, checkpoint_dir=None,
                        checkpoint_filename_with_path=None, wait_for_checkpoint=False,
                        max_wait_secs=7200, config=None, init_feed_dict=None, init_fn=None):
        """A session that is ready: restored from the newest checkpoint, if there is one, or made so
        by `init_op` and `init_fn(session)`.

        RuntimeError when it is not ready then, or when there is nothing to make it so.
        """
        sess, restored = self._restored(master, saver, checkpoint_dir,
                                        checkpoint_filename_with_path, wait_for_checkpoint,
                                        max_wait_secs, config)  # fmt: skip
        if not restored:
            if init_op is None and init_fn is None and self._local_init_op is None:
                raise RuntimeError("Model is not initialized and no init_op or init_fn or "
                                   "local_init_op was given")  # fmt: skip
            if init_op is not None:
                sess.run(init_op, feed_dict=init_feed_dict)
            if init_fn is not None:
                init_fn(sess)
        what = f"Init op: {getattr(init_op, 'name', init_op)}, init fn: {init_fn}"
        missing = self._try_local_init(sess)
        if missing:
            raise RuntimeError("Init operations did not make model ready for local_init.  "
                               f"{what}, error: {missing}")  # fmt: skip
        missing = lacking(self._ready_op, sess, "Model not ready")
        if missing:
            raise RuntimeError(f"Init operations did not make model ready.  {what}, local_init_op: "
                               f"{self._local_init_op}, error: {missing}")  # fmt: skip
        return sess

    def recover_session(self, master, saver=None, checkpoint_dir=None,
                        checkpoint_filename_with_path=None, wait_for_checkpoint=False,
                        max_wait_secs=7200, config=None):
        """(session, whether it was restored from a checkpoint and is ready)."""
        sess, restored = self._restored(master, saver, checkpoint_dir,
                                        checkpoint_filename_with_path, wait_for_checkpoint,
                                        max_wait_secs, config)  # fmt: skip
        missing = self._try_local_init(sess)
        if not restored:
            return sess, False
        missing = missing or lacking(self._ready_op, sess, "Model not ready")
        where = checkpoint_dir or checkpoint_filename_with_path
        if missing:
            logging.info("Restoring model from %s did not make model ready: %s", where, missing)
            return sess, False
        logging.info("Restored model from %s", where)
        return sess, True

    def wait_for_session(self, master, config=None, max_wait_secs=float("inf")):
        """A session that others make ready. DeadlineExceededError after `max_wait_secs`."""
        limit = float("inf") if max_wait_secs is None else max_wait_secs
        deadline = time.monotonic() + limit
        while True:
            sess = Session(master, graph=self._graph, config=config)
            missing = self._try_local_init(sess)
            missing = missing or lacking(self._ready_op, sess, "Model not ready")
            if not missing:
                return sess
            sess.close()
            if time.monotonic() + self._recovery_wait_secs > deadline:
                raise errors.DeadlineExceededError(
                    None, None, f"Session was not ready after waiting {limit:.0f} secs: {missing}"
                )
            logging.info("Waiting for model to be ready: %s", missing)
            time.sleep(self._recovery_wait_secs)

    # -- steps -----------------------------------------------------------------------------------

    def _restored(self, master, saver, folder, path, wait, max_wait_secs, config):
        """(a session, whether its variables are from a checkpoint)."""
        if folder and path:
            raise ValueError("Can not provide both checkpoint_dir and "
                             "checkpoint_filename_with_path.")  # fmt: skip
        sess = Session(master, graph=self._graph, config=config)
        if saver is None or not (folder or path):
            return sess, False
        if path:
            saver.restore(sess, path)
            return sess, True
        state = self._checkpoint(folder, wait, max_wait_secs)
        if state is None:
            return sess, False
        saver.restore(sess, state.model_checkpoint_path)
        saver.recover_last_checkpoints(state.all_model_checkpoint_paths)
        return sess, True

    def _checkpoint(self, folder, wait, max_wait_secs):
        """What is known of the newest checkpoint in a folder, or None."""
        deadline = time.monotonic() + (max_wait_secs if wait else 0)
        while True:
            state = checkpoint_management.get_checkpoint_state(folder)
            if state and state.model_checkpoint_path:
                return state
            if time.monotonic() >= deadline:
                return None
            logging.info("Waiting for checkpoint to be available.")
            time.sleep(self._recovery_wait_secs)

    def _try_local_init(self, sess):
        """Run the local init op; what hinders that, or None."""
        if self._local_init_op is None:
            return None
        missing = lacking(self._ready_for_local_init_op, sess, "Model not ready for local init")
        if not missing:
            logging.info("Running local_init_op.")
            sess.run(self._local_init_op, options=self._local_init_run_options)
            logging.info("Done running local_init_op.")
        return missing


def lacking(op, sess, what):
    """What the op says is without a value, or None."""
    if op is None:
        return None
    try:
        names = sess.run(op)
    except errors.FailedPreconditionError as error:
        if "uninitialized" not in str(error):
            logging.warning("%s : error [%s]", what, error)
            raise
        return str(error)
    if names is None or names.dtype == np.int32 or not names.size:
        return None
    return f"Variables not initialized: {', '.join(name.decode() for name in names)}"
