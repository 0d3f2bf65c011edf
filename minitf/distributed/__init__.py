"""Training in several processes that exchange gradients through MPI, in Horovod's words.

    mpiexec -n 2 python -m minitf script.py

`minitf.distributed.horovod` is what `import horovod.tensorflow as hvd` finds under
`python -m minitf` where Horovod is not installed. The extra `mpi` brings mpi4py.
"""
