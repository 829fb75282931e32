#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The child for PyTorch without PyTorch: what it answers, what it refuses and why, and how it asks Transformers for a
model. Stand-ins take the place of both libraries, so that every branch runs on any machine; that the models compute is
tested where PyTorch is installed (exec_test.cpp).

    child_test.py CHILD_FOLDER
"""
import json
import os
import sys
import tempfile
import types
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv.pop(1))
import energylens_torch_child as child  # noqa: E402
import torch_decode  # noqa: E402
import torch_models  # noqa: E402
import transformers_models  # noqa: E402


class Device:
    def __init__(self, kind):
        self.type = kind

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False


def stand_in(capability=None, fp8=True):
    """As much of torch as is asked before a model is made."""
    torch = types.SimpleNamespace(bfloat16="bf16", float16="fp16", float32="fp32", __version__="0")
    torch.manual_seed = lambda seed: None
    torch.device = Device
    torch.default = "fp32"
    torch.get_default_dtype = lambda: torch.default
    torch.set_default_dtype = lambda dtype: setattr(torch, "default", dtype)
    torch.cuda = types.SimpleNamespace(is_available=lambda: capability is not None,
                                       get_device_capability=lambda: capability, synchronize=lambda: None,
                                       get_device_name=lambda: "Stand-in GPU")
    if fp8:
        torch.float8_e4m3fn = torch._scaled_mm = object()
    return torch


class ChildCase(unittest.TestCase):
    def setUp(self):
        self.child = child.Child()

    def ask(self, **request):
        reply, self.goes_on = self.child.answer(json.dumps(request))
        json.dumps(reply)
        return reply

    def refused(self, **request):
        reply = self.ask(**request)
        self.assertFalse(reply["ok"])
        self.assertNotIn("\n", reply["error"])
        self.assertTrue(self.goes_on, "a refusal does not end it")
        return reply["error"]

    def with_torch(self, torch):
        sys.modules["torch"] = torch
        self.addCleanup(sys.modules.pop, "torch", None)

    def without(self, module):
        before = sys.modules.get(module)
        sys.modules[module] = None  # importing it fails
        self.addCleanup(lambda: sys.modules.pop(module) if before is None else sys.modules.update({module: before}))


class Protocol(ChildCase):
    def test_stop_ends_it(self):
        self.assertEqual(self.ask(op="stop"), {"ok": True})
        self.assertFalse(self.goes_on)

    def test_what_makes_no_sense_is_refused_in_one_line(self):
        for line in ("", "{", "[]", "3", '"stop"', "{}", '{"op": 1}', '{"op": "load"}'):
            reply, goes_on = self.child.answer(line)
            self.assertFalse(reply["ok"], line)
            self.assertNotIn("\n", reply["error"])
            self.assertTrue(goes_on)
        self.assertIn("there are load, prefill, decode, stop", self.refused(op="answer"))
        self.assertEqual(self.refused(op="prefill", batch=1, isl=1), "no model is loaded")
        self.assertEqual(self.refused(op="decode", steps=1), "no model is loaded")

    def test_private_functions_are_no_ops(self):
        for op in ("answer", "synchronize", "__init__"):
            self.assertIn("unknown op", self.refused(op=op))

    def test_without_pytorch_it_says_how_to_get_it(self):
        self.without("torch")
        self.assertIn("PyTorch is not installed", self.refused(op="load", model="tiny-dense"))

    def test_one_gpu_only(self):
        for degree in ("tp", "pp", "dp", "ep"):
            self.assertEqual(self.refused(op="load", model="tiny-dense", **{degree: 2}),
                             f"this child runs on one GPU: {degree} must be 1")


class Formats(ChildCase):
    def load(self, quant, torch, model="tiny-dense"):
        self.with_torch(torch)
        return self.refused(op="load", model=model, quant=quant)

    def test_unknown_ones_are_named(self):
        self.assertIn("use one of bf16, fp16, fp32, fp8", self.load("int3", stand_in()))

    def test_fp8_needs_a_gpu_that_has_it(self):
        self.assertIn("compute capability 8.9", self.load("fp8", stand_in()), "a processor")

    def test_fp8_is_offered_exactly_where_card_and_library_have_it(self):
        gpu = Device("cuda")
        self.assertTrue(torch_models.can_fp8(stand_in((9, 0)), gpu))
        self.assertTrue(torch_models.can_fp8(stand_in((8, 9)), gpu))
        self.assertFalse(torch_models.can_fp8(stand_in((8, 6)), gpu))
        self.assertFalse(torch_models.can_fp8(stand_in((9, 0), fp8=False), gpu))
        self.assertFalse(torch_models.can_fp8(stand_in((9, 0)), Device("cpu")))

    def test_bf16_that_would_be_emulated_is_refused(self):
        self.assertIn("measure fp16", self.load("bf16", stand_in((7, 0))))
        self.assertIn("measure fp16", self.load("", stand_in((7, 5))), "bf16 is the default")


class Shapes(ChildCase):
    def test_every_shape_has_what_a_model_needs(self):
        for name in torch_models.SHAPES:
            shape = torch_models.find_shape(name)
            self.assertEqual(set(shape), set(torch_models.DEFAULTS) | set(torch_models.SHAPES["tiny-dense"]), name)
            self.assertEqual(shape["hidden"] % shape["heads"], 0, name)
            self.assertEqual(shape["heads"] % shape["kv_heads"], 0, name)

    def test_wrong_ones_are_named(self):
        self.with_torch(stand_in())
        self.assertIn("'dense-9000b' is not a shape; use one of tiny-dense", self.refused(op="load", model="dense-9000b"))
        self.assertIn("No such file", self.refused(op="load", model="/nowhere/shape.json"))
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "shape.json")
            with open(path, "w", encoding="utf-8") as file:
                json.dump({"layers": 2, "depth": 3}, file)
            self.assertIn("unknown: ['depth']", self.refused(op="load", model=path))


class Recording(unittest.TestCase):
    """A GPU that writes down what is asked of it: what runs while a graph is recorded computes nothing."""

    def setUp(self):
        self.done = done = []
        test = self

        class Graph:
            def replay(self):
                done.append("replay")

        class Recorder:
            def __init__(self, graph):
                pass

            def __enter__(self):
                test.recording = True

            def __exit__(self, *_):
                test.recording = False

        self.recording = False
        torch = types.SimpleNamespace(long=int, zeros=lambda *shape, **options: types.SimpleNamespace(fill_=lambda value: None),
                                      cuda=types.SimpleNamespace(CUDAGraph=Graph, graph=Recorder))
        self.state = torch_decode.State(torch, 2, torch_decode.BUCKET, "gpu")

    def step(self, bucket):
        self.done.append("record" if self.recording else "run")

    def job(self, length, steps, recorded=True):
        self.done.clear()
        self.state.begin(length)
        self.state.reserve(steps)
        for _ in range(steps):
            self.state.advance(self.step, recorded)
        return self.done

    def test_only_the_first_job_records(self):
        self.assertEqual(self.job(62, 3), ["run", "record", "replay", "run", "record"], "a bucket of one step too")
        self.assertEqual(self.job(62, 3), ["replay"] * 3)
        self.assertEqual(self.state.length, 65)

    def test_what_cannot_be_recorded_runs(self):
        self.assertEqual(self.job(62, 3, recorded=False), ["run"] * 3)

    def test_more_room_is_at_another_address(self):
        self.job(62, 3)
        self.assertEqual(self.job(62, 100)[0], "run")
        self.assertEqual(self.state.room, 3 * torch_decode.BUCKET)


class Parameters(list):
    def numel(self):
        return self[0]


class Inner:
    """A model of Transformers that remembers how it was called."""

    def __init__(self, dtype):
        self.dtype, self.calls = dtype, []
        self.config = types.SimpleNamespace(model_type="toy", get_text_config=lambda: types.SimpleNamespace(vocab_size=99))

    def eval(self):
        return self

    def parameters(self):
        return [Parameters([3e9]), Parameters([1e9])]


class Transformers(ChildCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def library(self, torch):
        library = types.ModuleType("transformers")
        library.__version__ = "4.0"
        library.asked = []
        library.AutoConfig = types.SimpleNamespace(
            from_pretrained=lambda path, **options: library.asked.append((path, options)) or "config")
        library.AutoModelForCausalLM = types.SimpleNamespace(from_config=lambda config: Inner(torch.default))
        sys.modules["transformers"] = library
        self.addCleanup(sys.modules.pop, "transformers")
        return library

    def test_without_the_library_it_says_how_to_get_it(self):
        self.with_torch(stand_in())
        self.without("transformers")
        self.assertIn("needs the library Transformers (pip install transformers)",
                      self.refused(op="load", model=self.folder))

    def test_a_model_is_made_from_its_configuration_and_nothing_is_fetched(self):
        torch = stand_in((9, 0))
        self.with_torch(torch)
        library = self.library(torch)
        reply = self.ask(op="load", model=self.folder, quant="bf16")
        self.assertTrue(reply["ok"], reply)
        self.assertEqual(library.asked, [(self.folder, {"local_files_only": True})])
        self.assertEqual(self.child.model.inner.dtype, "bf16", "made in its number format at once")
        self.assertEqual(torch.default, "fp32", "and the default is as before")
        self.assertEqual(reply["about"]["params_b"], 4)
        self.assertEqual(reply["about"]["model_type"], "toy")

    def test_the_default_format_comes_back_after_a_failure(self):
        torch = stand_in()
        self.with_torch(torch)
        library = self.library(torch)

        def fail(config):
            raise RuntimeError("CUDA out of memory.\nTried to allocate")

        library.AutoModelForCausalLM.from_config = fail
        self.assertEqual(self.refused(op="load", model=self.folder, quant="fp16"), "CUDA out of memory.")
        self.assertEqual(torch.default, "fp32")

    def test_a_folder_without_a_configuration_is_refused(self):
        torch = stand_in()
        self.with_torch(torch)
        library = self.library(torch)

        def absent(path, **options):
            raise OSError("it has no config.json\nand more words")

        library.AutoConfig.from_pretrained = absent
        self.assertEqual(self.refused(op="load", model=self.folder), "it has no config.json")

    def test_fp8_and_images_are_for_our_own_shapes(self):
        torch = stand_in((9, 0))
        self.with_torch(torch)
        self.library(torch)
        self.assertIn("fp8 is for the shapes", self.refused(op="load", model=self.folder, quant="fp8"))
        model = transformers_models.Model(torch, sys.modules["transformers"], Inner("bf16"))
        with self.assertRaisesRegex(ValueError, "use a shape of torch_models.py"):
            model.prefill(None, 16)


if __name__ == "__main__":
    unittest.main(verbosity=0)
