# SPDX-License-Identifier: Apache-2.0
"""Decoder models in plain PyTorch, made from a shape: dense, mixture of experts, state space, hybrid, and with an image
encoder. Attention has grouped heads and a KV cache; the state space layers are a selective scan with a gate, their
state being all that decode reads. Same operations and bytes as the published models of the shape, with PyTorch's
kernels: a serving engine's fused ones are faster.
"""
import json

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
        raise ValueError(f"{name!r} is no shape; there are {', '.join(SHAPES)}, a .json file, or a folder with config.json")
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
        raise ValueError(f"{quant!r} is no number format of this child; there are {', '.join(dtypes)}")
    if quant == "fp8" and not can_fp8(torch, device):
        raise ValueError("fp8 needs a GPU of compute capability 8.9 or later and PyTorch 2.1 or later")
    return make_classes(torch, quant == "fp8")(shape, dtypes[quant], device)


def can_fp8(torch, device):
    return (hasattr(torch, "float8_e4m3fn") and hasattr(torch, "_scaled_mm") and device.type == "cuda"
            and torch.cuda.get_device_capability() >= (8, 9))


def make_classes(torch, fp8):
    nn, functional = torch.nn, torch.nn.functional

    class Linear(nn.Module):
        """Without bias; with fp8, weights and inputs are 8 bits wide."""

        def __init__(self, inputs, outputs):
            super().__init__()
            weight = torch.randn(outputs, inputs) * inputs**-0.5
            self.weight = nn.Parameter(weight, requires_grad=False)

        def forward(self, x):
            if self.weight.dtype == x.dtype:
                return functional.linear(x, self.weight)
            flat = x.reshape(-1, x.shape[-1])
            padding = -flat.shape[0] % 16
            flat = functional.pad(flat, (0, 0, 0, padding)).to(self.weight.dtype)
            one = torch.ones((), device=x.device)
            out = torch._scaled_mm(flat, self.weight.t(), scale_a=one, scale_b=one, out_dtype=x.dtype)
            out = out[0] if isinstance(out, tuple) else out
            return out[: out.shape[0] - padding].reshape(*x.shape[:-1], -1)

    def norm(x):
        return (x.float() * torch.rsqrt(x.float().pow(2).mean(-1, keepdim=True) + 1e-6)).to(x.dtype)

    def rotate(x, first):
        """Rotary positions, x being batch, heads, tokens, width."""
        half = x.shape[-1] // 2
        frequency = 10000.0 ** (-torch.arange(half, device=x.device, dtype=torch.float32) / half)
        angle = (first + torch.arange(x.shape[2], device=x.device, dtype=torch.float32))[:, None] * frequency
        cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
        a, b = x[..., :half], x[..., half:]
        return torch.cat((a * cos - b * sin, a * sin + b * cos), -1)

    def attend(q, k, v, causal):
        if hasattr(functional, "scaled_dot_product_attention"):
            return functional.scaled_dot_product_attention(q, k, v, is_causal=causal)
        scores = q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5
        if causal:
            scores = scores + torch.full(scores.shape[-2:], float("-inf"), device=q.device, dtype=q.dtype).triu(1)
        return scores.softmax(-1) @ v

    class Attention(nn.Module):
        def __init__(self, s):
            super().__init__()
            self.heads, self.kv_heads, self.width = s["heads"], s["kv_heads"], s["hidden"] // s["heads"]
            self.query = Linear(s["hidden"], self.heads * self.width)
            self.key_value = Linear(s["hidden"], 2 * self.kv_heads * self.width)
            self.out = Linear(self.heads * self.width, s["hidden"])

        def forward(self, x, cache):
            batch, tokens, _ = x.shape
            before = 0 if cache is None else cache[0].shape[2]
            q = self.query(x).view(batch, tokens, self.heads, self.width).transpose(1, 2)
            k, v = self.key_value(x).view(batch, tokens, 2, self.kv_heads, self.width).permute(2, 0, 3, 1, 4)
            q, k = rotate(q, before), rotate(k, before)
            if cache is not None:
                k, v = torch.cat((cache[0], k), 2), torch.cat((cache[1], v), 2)
            shared = self.heads // self.kv_heads
            mixed = attend(q, k.repeat_interleave(shared, 1), v.repeat_interleave(shared, 1), tokens > 1)
            return self.out(mixed.transpose(1, 2).reshape(batch, tokens, -1)), (k, v)

    class StateSpace(nn.Module):
        def __init__(self, s):
            super().__init__()
            self.inner, self.state = 2 * s["hidden"], s["state"]
            self.enter = Linear(s["hidden"], 2 * self.inner)
            self.select = Linear(self.inner, 2 * self.state + 1)
            self.decay = nn.Parameter(-torch.rand(self.inner, self.state) - 0.5, requires_grad=False)
            self.out = Linear(self.inner, s["hidden"])

        def forward(self, x, cache):
            signal, gate = self.enter(x).chunk(2, -1)
            chosen = self.select(signal).float()
            write, read, step = chosen[..., : self.state], chosen[..., self.state : -1], functional.softplus(chosen[..., -1:])
            state = cache if cache is not None else torch.zeros(x.shape[0], self.inner, self.state, device=x.device)
            outputs = []
            for t in range(x.shape[1]):
                keep = torch.exp(step[:, t, :, None] * self.decay.float())
                state = keep * state + (step[:, t] * signal[:, t].float())[..., None] * write[:, t, None, :]
                outputs.append((state * read[:, t, None, :]).sum(-1))
            return self.out(torch.stack(outputs, 1).to(x.dtype) * functional.silu(gate)), state

    class FeedForward(nn.Module):
        def __init__(self, hidden, ffn):
            super().__init__()
            self.enter, self.out = Linear(hidden, 2 * ffn), Linear(ffn, hidden)

        def forward(self, x):
            signal, gate = self.enter(x).chunk(2, -1)
            return self.out(signal * functional.silu(gate))

    class Experts(nn.Module):
        def __init__(self, s):
            super().__init__()
            self.per_token = s["experts_per_token"]
            self.router = Linear(s["hidden"], s["experts"])
            self.experts = nn.ModuleList(FeedForward(s["hidden"], s["ffn"]) for _ in range(s["experts"]))

        def forward(self, x):
            flat = x.reshape(-1, x.shape[-1])
            weights, chosen = self.router(flat).float().softmax(-1).topk(self.per_token)
            out = torch.zeros_like(flat)
            for number, expert in enumerate(self.experts):
                rows, places = (chosen == number).nonzero(as_tuple=True)
                if rows.numel() > 0:
                    out.index_add_(0, rows, expert(flat[rows]) * weights[rows, places, None].to(x.dtype))
            return out.view_as(x)

    class Layer(nn.Module):
        def __init__(self, s, number):
            super().__init__()
            every = s["attention_every"]
            self.mixer = Attention(s) if every and (number + 1) % every == 0 else StateSpace(s)
            self.ffn = None if s["ffn"] == 0 else Experts(s) if s["experts"] else FeedForward(s["hidden"], s["ffn"])

        def forward(self, x, cache):
            mixed, cache = self.mixer(norm(x), cache)
            x = x + mixed
            return (x if self.ffn is None else x + self.ffn(norm(x))), cache

    class ImageEncoder(nn.Module):
        """A vision transformer over patches of 14 x 14 pixels, and a projection to the decoder's width."""

        def __init__(self, s):
            super().__init__()
            wide = dict(hidden=s["image_hidden"], heads=max(1, s["image_hidden"] // 64), kv_heads=max(1, s["image_hidden"] // 64),
                        ffn=4 * s["image_hidden"], experts=0, attention_every=1)
            self.patches = Linear(3 * 14 * 14, s["image_hidden"])
            self.layers = nn.ModuleList(Layer(wide, i) for i in range(s["image_layers"]))
            self.project = Linear(s["image_hidden"], s["hidden"])

        def forward(self, pixels):
            x = self.patches(pixels)
            for layer in self.layers:
                x = layer(x, None)[0]
            return self.project(x)

    class Model(nn.Module):
        def __init__(self, s, dtype, device):
            super().__init__()
            self.shape, self.vocabulary, self.dtype = s, s["vocabulary"], dtype
            self.embedding = nn.Embedding(s["vocabulary"], s["hidden"])
            self.layers = nn.ModuleList()
            for i in range(s["layers"]):  # layer by layer: the whole in 32 bits may not fit
                self.layers.append(Layer(s, i).to(device=device, dtype=dtype))
            self.encoder = ImageEncoder(s).to(device=device, dtype=dtype) if s["image_layers"] else None
            self.head = Linear(s["hidden"], s["vocabulary"]).to(device=device, dtype=dtype)
            self.embedding.to(device=device, dtype=dtype)
            self.requires_grad_(False)
            if fp8:
                for module in self.layers.modules():
                    if isinstance(module, Linear) and min(module.weight.shape) >= 16 and not any(n % 16 for n in module.weight.shape):
                        module.weight.data = module.weight.data.to(torch.float8_e4m3fn)

        def about(self):
            s = self.shape
            count = sum(p.numel() for p in self.parameters())
            expert = sum(p.numel() for m in self.modules() if isinstance(m, Experts) for p in m.experts.parameters())
            active = count - (expert * (1 - s["experts_per_token"] / s["experts"]) if s["experts"] else 0)
            return {"params_b": count / 1e9, "active_params_b": active / 1e9}

        def prefill(self, tokens, image_tokens):
            x = self.embedding(tokens)
            if image_tokens:
                x[:, :image_tokens] = self.encode(tokens.shape[0], image_tokens)
            return self.decode(x, [None] * len(self.layers))

        def encode(self, batch, image_tokens):
            each = self.shape["image_tokens"]
            if self.encoder is None:
                raise ValueError("this model has no image encoder: image_tokens must be 0")
            if image_tokens % each:
                raise ValueError(f"an image is {each} tokens: image_tokens must be a multiple of that")
            pixels = torch.rand(batch * image_tokens // each, each, 3 * 14 * 14, device=self.head.weight.device, dtype=self.dtype)
            return self.encoder(pixels).view(batch, image_tokens, -1)

        def step(self, tokens, cache):
            return self.decode(self.embedding(tokens[:, None]), cache)

        def decode(self, x, cache):
            after = []
            for layer, before in zip(self.layers, cache):
                x, kept = layer(x, before)
                after.append(kept)
            return self.head(norm(x[:, -1])).argmax(-1), after

    return Model
