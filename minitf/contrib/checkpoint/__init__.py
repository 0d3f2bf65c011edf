"""`tf.contrib.checkpoint`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.checkpoint.capturing import capture_dependencies
from minitf.contrib.checkpoint.inspecting import (
    dot_graph_from_checkpoint,
    list_objects,
    object_metadata,
)
from minitf.contrib.checkpoint.python_state import NumpyState
from minitf.contrib.checkpoint.split_dependency import split_dependency
from minitf.core.proto.checkpoint import TrackableObjectGraph as CheckpointableObjectGraph
from minitf.core.trackable import AutoTrackable as Checkpointable
from minitf.core.trackable import NoDependency
from minitf.core.trackable import Trackable as CheckpointableBase
from minitf.core.trackable_structures import List, Mapping, UniqueNameTracker
from minitf.train.checkpoint_manager import CheckpointManager
from minitf.train.experimental import PythonState as PythonStateWrapper
