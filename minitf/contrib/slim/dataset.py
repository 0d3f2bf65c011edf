"""`slim.dataset.Dataset`: what is known of a set of records."""


class Dataset:
    """Files, the class that reads them, the decoder of records, how many there are, and what their
    items are; further arguments become attributes too."""

    def __init__(self, data_sources, reader, decoder, num_samples, items_to_descriptions, **kwargs):
        self.data_sources, self.reader, self.decoder = data_sources, reader, decoder
        self.num_samples, self.items_to_descriptions = num_samples, items_to_descriptions
        self.__dict__.update(kwargs)
