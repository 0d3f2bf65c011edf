"""`tf.train.CheckpointManager`: the last few checkpoints of a folder are kept."""
import os
import time

import numpy as np

from minitf import logging
from minitf.core.file_errors import path_text
from minitf.core.graph import get_default_session
from minitf.train.checkpoint_management import (
    get_checkpoint_state,
    remove_checkpoint,
    write_state,
)
from minitf.train.global_step import global_step


class CheckpointManager:
    """Saves a `tf.train.Checkpoint` in a folder, "ckpt-1", "ckpt-2" ..., and deletes old ones.

    `max_to_keep` are kept, all for None; with `keep_checkpoint_every_n_hours` one each so many
    hours stays besides. What an earlier manager of the folder has noted counts on. ValueError for a
    `max_to_keep` that is not above zero.
    """

    def __init__(
        self,
        checkpoint,
        directory,
        max_to_keep,
        keep_checkpoint_every_n_hours=None,
        checkpoint_name="ckpt",
    ):
        if max_to_keep is not None and max_to_keep <= 0:
            raise ValueError(
                "Expected a positive integer or `None` for `max_to_max_to_keep`, got "
                f"{max_to_keep}."
            )
        self._checkpoint, self._directory = checkpoint, path_text(directory)
        self._max_to_keep, self._hours = max_to_keep, keep_checkpoint_every_n_hours
        self._prefix = os.path.join(self._directory, checkpoint_name)
        self._latest, self._kept = None, {}  # {name: when it was written}, oldest first
        now = time.time()
        self._preserved = now - 1.0  # when the last one that stays was written
        state = get_checkpoint_state(self._directory)
        if state is not None:
            self._recover(state, now)

    def _recover(self, state, now):
        self._latest, self._preserved = state.model_checkpoint_path, state.last_preserved_timestamp
        if now < self._preserved:
            logging.warning(
                "time.time() returned a value %f seconds behind the last preserved checkpoint "
                "timestamp.", self._preserved - now,
            )  # fmt: skip
            self._preserved = now
        names = list(state.all_model_checkpoint_paths)
        times = list(state.all_model_checkpoint_timestamps) or [self._preserved] * len(names)
        kept = {name: min(written, now) for name, written in zip(names, times)}
        self._kept = {name: written for name, written in kept.items() if written > self._preserved}

    @property
    def latest_checkpoint(self):
        """The name of the newest checkpoint; None when there is none."""
        return self._latest

    @property
    def checkpoints(self):
        """The names of those that are kept for now, oldest first."""
        return list(self._kept)

    def save(self, checkpoint_number=None):
        """Save the next checkpoint, or that of this number, which may be a variable or tensor.

        Returns its name. In a graph the default session has the values of variables.
        """
        number = self._checkpoint._count(None)
        if isinstance(checkpoint_number, (int, np.integer)):
            number = checkpoint_number
        elif checkpoint_number is not None:
            number = global_step(get_default_session(), checkpoint_number)
        path = self._checkpoint.write(f"{self._prefix}-{number}")
        self._kept.pop(path, None)
        self._kept[path] = time.time()
        self._latest = path
        self._record()
        self._sweep()
        self._record()
        return path

    def _record(self):
        write_state(
            self._directory, self._latest, list(self._kept), relative=True,
            times=list(self._kept.values()), preserved=self._preserved,
        )  # fmt: skip

    def _sweep(self):
        while self._max_to_keep and len(self._kept) > self._max_to_keep:
            name = next(iter(self._kept))
            written = self._kept.pop(name)
            if self._hours and written - self._hours * 3600.0 >= self._preserved:
                self._preserved = written
            else:
                remove_checkpoint(name)
