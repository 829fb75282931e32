# SPDX-License-Identifier: Apache-2.0
"""Models of the library Transformers with random weights, from a folder that holds a config.json: any architecture that the
installed version knows. Nothing is downloaded.
"""


def build(torch, folder, quant, device):
    try:
        import transformers
    except ImportError:
        raise ValueError("a folder with config.json needs the library Transformers (pip install transformers)") from None
    dtypes = {"bf16": torch.bfloat16, "fp16": torch.float16, "fp32": torch.float32}
    if quant not in dtypes:
        raise ValueError(f"{quant!r} is not a number format for Transformers models; use one of {', '.join(dtypes)}; fp8 is for "
                         "the shapes of torch_models.py")
    config = transformers.AutoConfig.from_pretrained(folder, local_files_only=True)
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtypes[quant])
    try:
        with torch.device(device):
            inner = transformers.AutoModelForCausalLM.from_config(config)
    finally:
        torch.set_default_dtype(before)
    return Model(torch, transformers, inner.eval())


class Model:
    def __init__(self, torch, transformers, inner):
        self.torch, self.version, self.inner = torch, transformers.__version__, inner
        self.vocabulary = inner.config.get_text_config().vocab_size

    def about(self):
        return {"params_b": sum(p.numel() for p in self.inner.parameters()) / 1e9, "transformers": self.version,
                "model_type": self.inner.config.model_type}

    def prefill(self, tokens, image_tokens):
        if image_tokens:
            raise ValueError("image_tokens with Transformers models are not supported; use a shape of torch_models.py")
        arguments = {"attention_mask": self.torch.ones_like(tokens), "use_cache": True,
                     "cache_position": self.torch.arange(tokens.shape[1], device=tokens.device)}
        return self.run({"seen": tokens, "arguments": arguments})

    def decode(self, state, steps):
        for _ in range(steps):
            self.run(state)

    def forget(self):
        """The memory of a job is in its state."""

    def run(self, state):
        """The library's own generation step: it knows which cache an architecture has."""
        seen = state["seen"]
        inputs = self.inner.prepare_inputs_for_generation(seen, **state["arguments"])
        output = self.inner(**inputs, return_dict=True)
        state["arguments"] = self.inner._update_model_kwargs_for_generation(output, state["arguments"])
        state["seen"] = self.torch.cat((seen, output.logits[:, -1].argmax(-1)[:, None]), 1)
        return state
