"""`slim.dataset_data_provider.DatasetDataProvider`: the records of a Dataset, one after another."""
from minitf.contrib.slim.data_provider import DataProvider
from minitf.contrib.slim.parallel_reader import parallel_read


class DatasetDataProvider(DataProvider):
    """The items of a record of the Dataset, another in each run; read by `num_readers` threads into
    a common queue, from which they are taken in random order if `shuffle`.

    The item `record_key` is the record's key. It ends after `num_epochs`. ValueError where an item
    of the dataset has that name.
    """

    def __init__(
        self, dataset, num_readers=1, reader_kwargs=None, shuffle=True, num_epochs=None,
        common_queue_capacity=256, common_queue_min=128, record_key="record_key", seed=None,
        scope=None,
    ):  # fmt: skip
        key, data = parallel_read(
            dataset.data_sources,
            reader_class=dataset.reader,
            num_epochs=num_epochs,
            num_readers=num_readers,
            reader_kwargs=reader_kwargs,
            shuffle=shuffle,
            capacity=common_queue_capacity,
            min_after_dequeue=common_queue_min,
            seed=seed,
            scope=scope,
        )
        items = dataset.decoder.list_items()
        tensors = dict(zip(items, dataset.decoder.decode(data, items)))
        if record_key in tensors:
            raise ValueError("The item name used for `record_key` cannot also be used for a "
                             f"dataset item: {record_key}")  # fmt: skip
        super().__init__({**tensors, record_key: key}, dataset.num_samples)
