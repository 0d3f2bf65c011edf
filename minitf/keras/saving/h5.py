"""What there is to say about HDF5 files."""
import os
import sys


def h5py():
    """The package h5py. ImportError, saying what to do, where it is not there."""
    try:
        import h5py
    except ImportError:
        raise ImportError(
            "Models are saved in HDF5 files, which needs the package h5py: "
            "pip install 'minitf-tf1[hdf5]'"
        ) from None
    return h5py


def is_hdf5(path):
    """Whether the name is that of an HDF5 file."""
    return str(path).endswith((".h5", ".keras", ".hdf5"))


def may_overwrite(path, overwrite):
    """Whether to write: asks at the prompt where a file is there, unless told to overwrite."""
    if overwrite or not os.path.isfile(path):
        return True
    sys.stdout.write(f"[WARNING] {path} already exists - overwrite? [y/n]")
    answer = input().strip().lower()
    while answer not in ("y", "n"):
        answer = input('Enter "y" (overwrite) or "n" (cancel).').strip().lower()
    if answer == "y":
        print("[TIP] Next time specify overwrite=True!")
    return answer == "y"
