#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a model with random weights for `energylens profile` ("driver": "exec").

    energylens profile plan.json -o out --serve-cmd "python3 energylens_torch_child.py"

Obeys lines of JSON on standard input and answers each by one line when the work is done (docs/reference/plan.md). The plan's
`model` is the name of a shape in torch_models.py, a JSON file of such a shape, or a folder with a Transformers
config.json. Weights are random: nothing is downloaded, and time and energy do not depend on their values (but for
which experts are chosen). Runs on the first visible GPU, else on the processor.
"""
import json
import os
import sys
import time


class Refused(Exception):
    """What the campaign is told, in one line."""


def load_torch():
    try:
        import torch
    except ImportError:
        raise Refused("PyTorch is not installed for " + sys.executable + "; install it (pip install torch)") from None
    return torch


class Child:
    def __init__(self):
        self.torch = self.model = self.state = None

    def load(self, request):
        for degree in ("tp", "pp", "dp", "ep"):
            if request.get(degree, 1) != 1:
                raise Refused(f"this child runs on one GPU: {degree} must be 1")
        self.torch = torch = load_torch()
        torch.manual_seed(request.get("seed", 0) % (1 << 63))
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        name, quant = request["model"], request.get("quant") or "bf16"
        if quant == "bf16" and self.device.type == "cuda" and torch.cuda.get_device_capability() < (8, 0):
            raise Refused("bf16 is emulated on GPUs of compute capability below 8.0; measure fp16")
        if os.path.isdir(name):
            import transformers_models as models
        else:
            import torch_models as models
        began = time.monotonic()
        try:
            self.model = models.build(torch, name, quant, self.device)
        except ValueError as error:
            raise Refused(str(error)) from None
        self.synchronize()
        return {"about": {"version": torch.__version__, "device": self.device_name(), "load_s": time.monotonic() - began,
                          **self.model.about()}}

    def prefill(self, request):
        self.require_model()
        self.state = None
        batch, isl = request["batch"], request["isl"]
        generator = self.torch.Generator().manual_seed(request.get("seed", 0) % (1 << 63))
        tokens = self.torch.randint(0, self.model.vocabulary, (batch, isl), generator=generator).to(self.device)
        try:
            with self.torch.inference_mode():
                self.state = self.model.prefill(tokens, request.get("image_tokens", 0))
        except ValueError as error:
            raise Refused(str(error)) from None
        self.synchronize()
        self.batch = batch
        return {}

    def decode(self, request):
        self.require_model()
        if self.state is None:
            raise Refused("decode before prefill")
        with self.torch.inference_mode():
            self.model.decode(self.state, request["steps"])
        self.synchronize()
        return {"tokens": request["steps"] * self.batch}

    def require_model(self):
        if self.model is None:
            raise Refused("no model is loaded")

    def synchronize(self):
        if self.device.type == "cuda":
            self.torch.cuda.synchronize()

    def device_name(self):
        return self.torch.cuda.get_device_name() if self.device.type == "cuda" else "cpu"

    def answer(self, line):
        try:
            request = json.loads(line)
            op = request["op"]
            if op == "stop":
                return {"ok": True}, False
            if op not in ("load", "prefill", "decode"):
                raise Refused(f"unknown op {op!r}; there are load, prefill, decode, stop")
            return {"ok": True, **getattr(self, op)(request)}, True
        except Refused as refused:
            return {"ok": False, "error": str(refused)}, True
        except (KeyError, TypeError, json.JSONDecodeError) as error:
            return {"ok": False, "error": f"not understood: {error!r}"}, True
        except (RuntimeError, OSError) as error:  # out of memory, other device errors, unreadable files
            self.state = None
            if self.model is not None:
                self.model.forget()
            return {"ok": False, "error": (str(error) or type(error).__name__).split("\n")[0]}, True


def main():
    # Standard output is for answers only: what libraries print goes to standard error, and so to the log.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    child = Child()
    for line in sys.stdin:
        reply, go_on = child.answer(line)
        answers.write(json.dumps(reply) + "\n")
        answers.flush()
        if not go_on:
            break


if __name__ == "__main__":
    main()
