# SPDX-License-Identifier: Apache-2.0
"""Decoding with state at fixed addresses, so that a step can be recorded once and replayed as a CUDA graph, as serving
engines do: launched one by one, the hundreds of small kernels of a step keep the processor busy and the GPU waiting.

A graph reads as much of the KV cache as was there when it was recorded, rounded up to BUCKET tokens, and masks what is
not yet written. States and graphs are kept for the next job of the same batch.
"""

BUCKET = 64  # tokens; half of it is read in vain on average


class KvCache:
    """Keys and values of one layer: batch, heads, room, width."""

    def __init__(self, torch, like, room):
        batch, heads, _, width = like.shape
        self.k, self.v = (torch.zeros(batch, heads, room, width, device=like.device, dtype=like.dtype) for _ in range(2))

    def fill(self, k, v):
        self.k[:, :, : k.shape[2]], self.v[:, :, : v.shape[2]] = k, v

    def append(self, k, v, step):
        self.k.index_copy_(2, step.position, k)
        self.v.index_copy_(2, step.position, v)
        return self.k[:, :, : step.bucket], self.v[:, :, : step.bucket]

    def grow(self, torch, room):
        before, length = (self.k, self.v), self.k.shape[2]
        self.__init__(torch, self.k, room)
        self.k[:, :, :length], self.v[:, :, :length] = before


class Step:
    """Where in the sequence the tokens of one pass through the layers stand."""

    def __init__(self, layers, width, position, tokens, bucket=None):
        torch = layers.torch
        places = position + torch.arange(tokens, device=layers.device)
        self.position, self.bucket, self.prefill = position, bucket, bucket is None
        self.angles = layers.angles(width, places)
        self.unwritten = None if self.prefill else torch.arange(bucket, device=layers.device) > position


class State:
    """Of one batch: the last token, how many came before, and what each layer keeps of them."""

    def __init__(self, torch, batch, room, device):
        self.torch, self.batch, self.room, self.length = torch, batch, room, 0
        self.tokens = torch.zeros(batch, device=device, dtype=torch.long)
        self.position = torch.zeros(1, device=device, dtype=torch.long)
        self.kept = {}  # layer -> KvCache, or the state of a scan
        self.graphs = {}  # by bucket

    def begin(self, length):
        self.length = length
        self.position.fill_(length)

    def reserve(self, steps):
        """Makes room for this many more tokens. Addresses change, so recorded graphs are invalid afterwards."""
        if self.length + steps <= self.room:
            return
        self.room, self.graphs = round_up(self.length + steps), {}
        for kept in self.kept.values():
            if isinstance(kept, KvCache):
                kept.grow(self.torch, self.room)

    def advance(self, step, recorded):
        """One token further. `step(bucket)` computes it from what is kept, in place."""
        bucket = round_up(self.length + 1)
        if bucket in self.graphs:
            self.graphs[bucket].replay()
        else:
            step(bucket)
            if recorded:
                self.graphs[bucket] = self.record(step, bucket)
        self.length += 1

    def record(self, step, bucket):
        """Right after the step has run once, so that only the first job of its kind, a warm-up, takes the time. Recording computes nothing."""
        graph = self.torch.cuda.CUDAGraph()
        with self.torch.cuda.graph(graph):
            step(bucket)
        return graph


def round_up(tokens):
    return -(-tokens // BUCKET) * BUCKET
