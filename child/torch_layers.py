# SPDX-License-Identifier: Apache-2.0
"""The layers of torch_models.py: attention with grouped heads and a KV cache, a selective scan with a gate (Mamba's: its
state is all that decode reads), feed-forward with a gate, mixture of experts, image encoder. Same operations and bytes as
published models of the shape, with PyTorch's kernels: the fused ones of a serving engine are faster.
"""
from torch_decode import KvCache, Step

SCAN_CHUNK = 16  # tokens at a time; exp of the decay over as many must not overflow


class Layers:
    """Layers of one number format on one device. Weights are made there: making them elsewhere takes minutes."""

    def __init__(self, torch, dtype, device):
        self.torch, self.dtype, self.device = torch, dtype, device
        self.Linear, self.Experts, self.layer, self.image_encoder = make_classes(torch, self)

    def linear(self, inputs, outputs):
        return self.Linear(inputs, outputs)

    def norm(self, x):
        functional = self.torch.nn.functional
        if hasattr(functional, "rms_norm"):
            return functional.rms_norm(x, x.shape[-1:], eps=1e-6)
        return (x.float() * self.torch.rsqrt(x.float().pow(2).mean(-1, keepdim=True) + 1e-6)).to(x.dtype)

    def angles(self, width, places):
        """Cosines and sines of the rotary positions: tokens, width / 2. The same for all layers of a step."""
        torch, half = self.torch, width // 2
        frequency = 10000.0 ** (-torch.arange(half, device=self.device, dtype=torch.float32) / half)
        angle = places.to(torch.float32)[:, None] * frequency
        return angle.cos().to(self.dtype), angle.sin().to(self.dtype)

    def first_step(self, width, tokens):
        return Step(self, width, self.torch.zeros(1, device=self.device, dtype=self.torch.long), tokens)

    def rotate(self, x, angles):
        """x: batch, heads, tokens, width."""
        half, (cos, sin) = x.shape[-1] // 2, angles
        a, b = x[..., :half], x[..., half:]
        return self.torch.cat((a * cos - b * sin, a * sin + b * cos), -1)

    def attend(self, q, k, v, causal):
        """All tokens at once."""
        torch = self.torch
        functional, shared = torch.nn.functional, q.shape[1] // k.shape[1]
        if self.attention_shares_heads():
            return functional.scaled_dot_product_attention(q, k, v, is_causal=causal, enable_gqa=shared > 1)
        k, v = k.repeat_interleave(shared, 1), v.repeat_interleave(shared, 1)
        scores = q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5
        if causal:
            scores = scores + torch.full(scores.shape[-2:], float("-inf"), device=q.device, dtype=q.dtype).triu(1)
        return scores.softmax(-1) @ v

    def attend_cache(self, q, k, v, unwritten):
        """One new token. The heads that share keys stand as rows of one product, which reads each key once."""
        batch, heads, _, width = q.shape
        q = q.view(batch, k.shape[1], heads // k.shape[1], width)
        scores = (q @ k.transpose(-1, -2) * width**-0.5).masked_fill(unwritten, float("-inf"))
        return (scores.softmax(-1, dtype=self.torch.float32).to(self.dtype) @ v).view(batch, heads, 1, width)

    def attention_shares_heads(self):
        """PyTorch 2.5 and later: attention that reads shared heads where they are, without copies."""
        version = self.torch.__version__.split("+")[0].split(".")
        return (int(version[0]), int(version[1])) >= (2, 5)

    def grouped_product(self):
        """All experts in one kernel: bf16 on GPUs of compute capability 9.0 and later, where PyTorch has it. Else none."""
        torch = self.torch
        product = getattr(torch.nn.functional, "grouped_mm", None) or getattr(torch, "_grouped_mm", None)
        capable = self.device.type == "cuda" and torch.cuda.get_device_capability() >= (9, 0)
        return product if capable and self.dtype == torch.bfloat16 else None

    def recorded(self, experts):
        """Whether a step can be recorded: experts one by one ask the GPU how many rows each has."""
        return self.device.type == "cuda" and all(one.fused() for one in experts)

    def kernels(self, experts):
        names = ["attention over shared heads" if self.attention_shares_heads() else "attention over copied heads"]
        if self.recorded(experts):
            names.append("decode by CUDA graphs")
        if experts:
            names.append("grouped experts" if experts[0].fused() else "experts one by one")
        return ", ".join(names)


def make_classes(torch, layers):
    nn, functional = torch.nn, torch.nn.functional

    class Linear(nn.Module):
        """Without bias; with weights of 8 bits, inputs are rounded to 8 bits too."""

        def __init__(self, inputs, outputs):
            super().__init__()
            weight = torch.empty(outputs, inputs, device=layers.device, dtype=layers.dtype)
            self.weight = nn.Parameter(weight.normal_(0, inputs**-0.5), requires_grad=False)

        def forward(self, x):
            if self.weight.dtype == x.dtype:
                return functional.linear(x, self.weight)
            flat = x.reshape(-1, x.shape[-1])
            rows = flat.shape[0]
            flat = functional.pad(flat, (0, 0, 0, -rows % 16)).to(self.weight.dtype)
            one = torch.ones((), device=x.device)
            out = torch._scaled_mm(flat, self.weight.t(), scale_a=one, scale_b=one, out_dtype=x.dtype)
            out = out[0] if isinstance(out, tuple) else out
            return out[:rows].reshape(*x.shape[:-1], -1)

    class Attention(nn.Module):
        def __init__(self, s):
            super().__init__()
            self.heads, self.kv_heads, self.width = s["heads"], s["kv_heads"], s["hidden"] // s["heads"]
            self.query = Linear(s["hidden"], self.heads * self.width)
            self.key_value = Linear(s["hidden"], 2 * self.kv_heads * self.width)
            self.out = Linear(self.heads * self.width, s["hidden"])

        def forward(self, x, step, kept):
            batch, tokens, _ = x.shape
            q = self.query(x).view(batch, tokens, self.heads, self.width).transpose(1, 2)
            k, v = self.key_value(x).view(batch, tokens, 2, self.kv_heads, self.width).permute(2, 0, 3, 1, 4)
            q, k = layers.rotate(q, step.angles), layers.rotate(k, step.angles)
            if step.prefill:
                mixed = layers.attend(q, k, v, True)
                if kept is not None:
                    kept.fill(k, v)
            else:
                mixed = layers.attend_cache(q, *kept.append(k, v, step), step.unwritten)
            return self.out(mixed.transpose(1, 2).reshape(batch, tokens, -1))

        def keep(self, batch, room):
            return KvCache(torch, torch.empty(batch, self.kv_heads, 0, self.width, device=layers.device, dtype=layers.dtype), room)

    class StateSpace(nn.Module):
        def __init__(self, s):
            super().__init__()
            self.inner, self.state = 2 * s["hidden"], s["state"]
            self.enter = Linear(s["hidden"], 2 * self.inner)
            self.select = Linear(self.inner, 2 * self.state + 1)
            decay = torch.rand(self.inner, self.state, device=layers.device)
            self.decay = nn.Parameter(-decay - 0.5, requires_grad=False)  # 32 bits in every format
            self.out = Linear(self.inner, s["hidden"])

        def forward(self, x, step, kept):
            signal, gate = self.enter(x).chunk(2, -1)
            chosen = self.select(signal).float()
            write, read, pace = chosen[..., : self.state], chosen[..., self.state : -1], functional.softplus(chosen[..., -1:])
            state, outputs = torch.zeros_like(kept) if step.prefill else kept, []
            for first in range(0, x.shape[1], SCAN_CHUNK):
                at = slice(first, first + SCAN_CHUNK)
                output, state = self.scan(pace[:, at] * signal[:, at].float(), write[:, at], read[:, at], pace[:, at], state)
                outputs.append(output)
            kept.copy_(state)
            return self.out(torch.cat(outputs, 1).to(x.dtype) * functional.silu(gate))

        def keep(self, batch, room):
            return torch.zeros(batch, self.inner, self.state, device=layers.device)

        def scan(self, signal, write, read, pace, state):
            """state_t = exp(pace_t decay) state_(t-1) + signal_t write_t, solved for all t of a chunk at once: divided by
            the product of the decays so far, it is a running sum."""
            keep = torch.exp(pace.cumsum(1)[..., None] * self.decay)  # batch, tokens, inner, state
            states = keep * (state[:, None] + (signal[..., None] * write[:, :, None] / keep).cumsum(1))
            return (states * read[:, :, None]).sum(-1), states[:, -1]

    class FeedForward(nn.Module):
        def __init__(self, hidden, ffn):
            super().__init__()
            self.enter, self.out = Linear(hidden, 2 * ffn), Linear(ffn, hidden)

        def forward(self, x):
            return self.out(gated(self.enter(x)))

    def gated(x):
        signal, gate = x.chunk(2, -1)
        return signal * functional.silu(gate)

    class Experts(nn.Module):
        """Rows are sorted by their expert, so that each reads its weights once."""

        def __init__(self, s):
            super().__init__()
            self.per_token, self.count = s["experts_per_token"], s["experts"]
            self.router = Linear(s["hidden"], s["experts"])
            self.experts = nn.ModuleList(FeedForward(s["hidden"], s["ffn"]) for _ in range(s["experts"]))
            self.product = layers.grouped_product()
            self.stacked = [self.stack(part) for part in ("enter", "out")] if self.product else []

        def stack(self, part):
            """All experts' weights in one tensor, in which each expert's own is a view."""
            linears = [getattr(expert, part) for expert in self.experts]
            stacked = torch.stack([linear.weight.data for linear in linears])
            for linear, view in zip(linears, stacked):
                linear.weight.data = view
            return stacked.transpose(1, 2)

        def fused(self):
            return bool(self.product) and self.experts[0].out.weight.dtype == layers.dtype

        def forward(self, x):
            flat = x.reshape(-1, x.shape[-1])
            weights, chosen = self.router(flat).float().softmax(-1).topk(self.per_token)
            order = chosen.flatten().argsort()
            rows = order // self.per_token
            sizes = torch.zeros(self.count, device=x.device, dtype=torch.int32)
            sizes.scatter_add_(0, chosen.flatten(), torch.ones_like(order, dtype=torch.int32))
            out = self.all_at_once(flat[rows], sizes) if self.fused() else self.one_by_one(flat[rows], sizes.tolist())
            out = out * weights.flatten()[order, None].to(x.dtype)
            return torch.zeros_like(flat).index_add_(0, rows, out).view_as(x)

        def all_at_once(self, sorted_x, sizes):
            ends = sizes.cumsum(0, dtype=torch.int32)
            enter, leave = self.stacked
            return self.product(gated(self.product(sorted_x, enter, offs=ends)), leave, offs=ends)

        def one_by_one(self, sorted_x, sizes):
            parts = sorted_x.split(sizes)
            return torch.cat([expert(part) for expert, part in zip(self.experts, parts) if len(part)])

    class Layer(nn.Module):
        def __init__(self, s, number):
            super().__init__()
            every = s["attention_every"]
            self.mixer = Attention(s) if every and (number + 1) % every == 0 else StateSpace(s)
            self.ffn = None if s["ffn"] == 0 else Experts(s) if s["experts"] else FeedForward(s["hidden"], s["ffn"])

        def forward(self, x, step, kept):
            x = x + self.mixer(layers.norm(x), step, kept)
            return x if self.ffn is None else x + self.ffn(layers.norm(x))

    class ImageEncoder(nn.Module):
        """A vision transformer over patches of 14 x 14 pixels, and a projection to the decoder's width."""

        def __init__(self, s):
            super().__init__()
            heads = max(1, s["image_hidden"] // 64)
            wide = dict(hidden=s["image_hidden"], heads=heads, kv_heads=heads, ffn=4 * s["image_hidden"], experts=0,
                        attention_every=1)
            self.width = wide["hidden"] // heads
            self.patches = Linear(3 * 14 * 14, s["image_hidden"])
            self.layers = nn.ModuleList(Layer(wide, i) for i in range(s["image_layers"]))
            self.project = Linear(s["image_hidden"], s["hidden"])

        def forward(self, pixels):
            x = self.patches(pixels)
            step = layers.first_step(self.width, x.shape[1])
            for layer in self.layers:
                x = layer(x, step, None)
            return self.project(x)

    return Linear, Experts, Layer, ImageEncoder
