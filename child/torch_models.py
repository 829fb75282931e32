# SPDX-License-Identifier: Apache-2.0
"""Decoder models in plain PyTorch, made from a shape: dense, mixture of experts, state space, hybrid, and with an image
encoder. Their layers are in torch_layers.py.
"""
import json

import torch_layers
from torch_decode import State, Step, round_up

SHAPES = {
    "tiny-dense": dict(layers=2, hidden=64, heads=4, kv_heads=2, ffn=128, vocabulary=512),
    "tiny-moe": dict(layers=2, hidden=64, heads=4, kv_heads=2, ffn=64, vocabulary=512, experts=4, experts_per_token=2),
    "tiny-ssm": dict(layers=2, hidden=64, heads=4, kv_heads=2, ffn=0, vocabulary=512, attention_every=0, state=8),
    "tiny-hybrid": dict(layers=4, hidden=64, heads=4, kv_heads=2, ffn=128, vocabulary=512, attention_every=4, state=8),
    "tiny-vlm": dict(layers=2, hidden=64, heads=4, kv_heads=2, ffn=128, vocabulary=512, image_layers=2, image_hidden=32,
                     image_tokens=16),
    "dense-1b": dict(layers=16, hidden=2048, heads=32, kv_heads=8, ffn=8192, vocabulary=128256),
    "dense-8b": dict(layers=32, hidden=4096, heads=32, kv_heads=8, ffn=14336, vocabulary=128256),
    "moe-8x1b": dict(layers=16, hidden=2048, heads=16, kv_heads=16, ffn=1024, vocabulary=50304, experts=64,
                     experts_per_token=8),
    "ssm-3b": dict(layers=64, hidden=2560, heads=32, kv_heads=8, ffn=0, vocabulary=50280, attention_every=0, state=16),
    "hybrid-7b": dict(layers=32, hidden=4096, heads=32, kv_heads=8, ffn=8192, vocabulary=65536, attention_every=8, state=16),
    "vlm-8b": dict(layers=32, hidden=4096, heads=32, kv_heads=8, ffn=14336, vocabulary=128256, image_layers=24,
                   image_hidden=1024, image_tokens=576),
}
DEFAULTS = dict(experts=0, experts_per_token=0, attention_every=1, state=0, image_layers=0, image_hidden=0, image_tokens=0)


def find_shape(name):
    if name in SHAPES:
        return {**DEFAULTS, **SHAPES[name]}
    if not name.endswith(".json"):
        raise ValueError(f"{name!r} is not a shape; use one of {', '.join(SHAPES)}, a .json file, or a folder with config.json")
    with open(name, encoding="utf-8") as file:
        shape = {**DEFAULTS, **json.load(file)}
    unknown = set(shape) - set(DEFAULTS) - set(SHAPES["tiny-dense"])
    missing = set(SHAPES["tiny-dense"]) - set(shape)
    if unknown or missing:
        raise ValueError(f"{name}: unknown: {sorted(unknown)}; missing: {sorted(missing)}")
    return shape


def build(torch, name, quant, device):
    shape = find_shape(name)
    dtypes = {"bf16": torch.bfloat16, "fp16": torch.float16, "fp32": torch.float32, "fp8": torch.bfloat16}
    if quant not in dtypes:
        raise ValueError(f"{quant!r} is not a number format of this child; use one of {', '.join(dtypes)}")
    if quant == "fp8" and not can_fp8(torch, device):
        raise ValueError("fp8 needs a GPU of compute capability 8.9 or later and PyTorch 2.1 or later")
    layers = torch_layers.Layers(torch, dtypes[quant], device)
    with torch.no_grad():
        model = make_class(torch, layers)(shape)
        return model.to_fp8() if quant == "fp8" else model


def can_fp8(torch, device):
    return (hasattr(torch, "float8_e4m3fn") and hasattr(torch, "_scaled_mm") and device.type == "cuda"
            and torch.cuda.get_device_capability() >= (8, 9))


def kind(s):
    """The value of the table's column arch."""
    if s["image_layers"]:
        return "vlm-moe" if s["experts"] else "vlm"
    if s["attention_every"] != 1:
        return "ssm" if s["attention_every"] == 0 else "hybrid"
    return "moe" if s["experts"] else "dense"


def make_class(torch, layers):
    nn = torch.nn

    class Model(nn.Module):
        def __init__(self, s):
            super().__init__()
            self.shape, self.vocabulary, self.state = s, s["vocabulary"], None
            self.embedding = nn.Embedding(s["vocabulary"], s["hidden"], device=layers.device, dtype=layers.dtype)
            self.layers = nn.ModuleList(layers.layer(s, i) for i in range(s["layers"]))
            self.encoder = layers.image_encoder(s) if s["image_layers"] else None
            self.head = layers.linear(s["hidden"], s["vocabulary"])
            self.requires_grad_(False)

        def to_fp8(self):
            """The layers' matrices whose sides the 8-bit kernels take; embedding and head stay as they are."""
            for module in self.layers.modules():
                if isinstance(module, layers.Linear) and not any(n % 16 for n in module.weight.shape):
                    module.weight.data = module.weight.data.to(torch.float8_e4m3fn)
            return self

        def about(self):
            s = self.shape
            count = sum(p.numel() for p in self.parameters())
            experts = self.experts()
            expert = sum(p.numel() for m in experts for p in m.experts.parameters())
            active = count - (expert * (1 - s["experts_per_token"] / s["experts"]) if s["experts"] else 0)
            return {"params_b": count / 1e9, "active_params_b": active / 1e9, "arch": kind(s), "kernels": layers.kernels(experts)}

        def experts(self):
            return [layer.ffn for layer in self.layers if isinstance(layer.ffn, layers.Experts)]

        def prefill(self, tokens, image_tokens):
            """tokens: batch, isl. The state after them; it is the model's own, and good until the next prefill."""
            batch, isl = tokens.shape
            x = self.embedding(tokens)
            if image_tokens:
                x[:, :image_tokens] = self.encode(batch, image_tokens)
            state = self.state_for(batch, isl)
            state.begin(isl)
            self.run(x, layers.first_step(self.width(), isl), state)
            return state

        def decode(self, state, steps):
            state.reserve(steps)

            def step(bucket):
                self.run(self.embedding(state.tokens[:, None]), Step(layers, self.width(), state.position, 1, bucket), state)
                state.position.add_(1)

            for _ in range(steps):
                state.advance(step, layers.recorded(self.experts()))

        def state_for(self, batch, isl):
            """The last one where it fits: its addresses are those that graphs were recorded with."""
            if self.state is None or self.state.batch != batch or self.state.room < isl:
                self.state = None  # its memory first
                self.state = State(torch, batch, round_up(isl + 1), layers.device)
                for number, layer in enumerate(self.layers):
                    self.state.kept[number] = layer.mixer.keep(batch, self.state.room)
            return self.state

        def forget(self):
            self.state = None

        def width(self):
            return self.shape["hidden"] // self.shape["heads"]

        def encode(self, batch, image_tokens):
            each = self.shape["image_tokens"]
            if self.encoder is None:
                raise ValueError("this model has no image encoder: image_tokens must be 0")
            if image_tokens % each:
                raise ValueError(f"an image is {each} tokens: image_tokens must be a multiple of that")
            pixels = torch.rand(batch * image_tokens // each, each, 3 * 14 * 14, device=layers.device, dtype=layers.dtype)
            return self.encoder(pixels).view(batch, image_tokens, -1)

        def run(self, x, step, state):
            for number, layer in enumerate(self.layers):
                x = layer(x, step, state.kept[number])
            state.tokens.copy_(self.head(layers.norm(x[:, -1])).argmax(-1))

    return Model
