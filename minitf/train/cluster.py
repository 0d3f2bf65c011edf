"""`tf.train.ClusterSpec`: the jobs of a cluster, their tasks and the addresses of these."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from minitf.core.proto.cluster import ClusterDef, JobDef

_WANTED = (
    "`cluster` must be a dictionary mapping one or more job names to lists of network addresses, "
    "or a `ClusterDef` protocol buffer"
)


class ClusterSpec:
    """The jobs of a cluster: {"ps": ["host:2222"], "worker": {3: "host:2223"}}, a ClusterDef, or
    another ClusterSpec. TypeError for anything else, or for names and addresses that are no text.
    """

    def __init__(self, cluster: Any) -> None:
        if isinstance(cluster, ClusterSpec):
            cluster = cluster._jobs
        elif isinstance(cluster, ClusterDef):
            cluster = {job.name: job.tasks for job in cluster.job}
        elif not isinstance(cluster, dict):
            raise TypeError(f"{_WANTED}: {cluster!r}")
        self._jobs = {
            _text(name, "Job name"): _numbered(name, tasks) for name, tasks in cluster.items()
        }

    def as_dict(self) -> dict[str, Any]:
        """{job: addresses}, a list of them where the tasks are numbered from 0 without a gap."""
        return {
            name: list(tasks.values()) if list(tasks) == [*range(len(tasks))] else dict(tasks)
            for name, tasks in self._jobs.items()
        }

    def as_cluster_def(self) -> ClusterDef:
        """The same as a protocol message."""
        jobs = [JobDef(name=name, tasks=self._jobs[name]) for name in sorted(self._jobs)]
        return ClusterDef(job=jobs)

    @property
    def jobs(self) -> list[str]:
        return list(self._jobs)

    def num_tasks(self, job_name: str) -> int:
        """ValueError for a job that is not there, as all below."""
        return len(self._job(job_name))

    def task_indices(self, job_name: str) -> list[int]:
        return list(self._job(job_name))

    def task_address(self, job_name: str, task_index: int) -> str:
        """ValueError for a task that is not there."""
        try:
            return self._job(job_name)[task_index]
        except KeyError:
            raise ValueError(f"No task with index {task_index!r} in job {job_name!r}") from None

    def job_tasks(self, job_name: str) -> list[str | None]:
        """The addresses by task number, None where there is none of a number."""
        tasks = self._job(job_name)
        return [tasks.get(index) for index in range(max(tasks, default=-1) + 1)]

    def _job(self, name: str) -> dict[int, str]:
        if name not in self._jobs:
            raise ValueError(f"No such job in cluster: {name!r}")
        return self._jobs[name]

    def __bool__(self) -> bool:
        return bool(self._jobs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ClusterSpec) and self._jobs == other._jobs

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"ClusterSpec({dict(sorted(self.as_dict().items()))!r})"


def _numbered(job: str, tasks: Any) -> dict[int, str]:
    if isinstance(tasks, (list, tuple)):
        tasks = dict(enumerate(tasks))
    if not isinstance(tasks, Mapping):
        raise TypeError(
            f"The tasks for job {job!r} must be a list or a dictionary from integers to strings."
        )
    _check_numbers(tasks)
    return {number: _text(tasks[number], "Task address") for number in sorted(tasks)}


def _check_numbers(tasks: Iterable[Any]) -> None:
    for number in tasks:
        if not isinstance(number, int):
            raise TypeError(
                f"{number!r} has type {type(number).__name__}, but expected one of: int"
            )


def _text(value: Any, what: str) -> str:
    if not isinstance(value, (str, bytes)):
        raise TypeError(f"{what} {value!r} must be bytes or unicode")
    return value.decode() if isinstance(value, bytes) else value
