#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The models of the child for PyTorch compute what they claim, on the first GPU or else on the processor. Skipped (exit
code 77) where PyTorch is not installed.

    torch_models_test.py CHILD_FOLDER
"""
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv.pop(1))
try:
    import torch
except ImportError:
    print("skipped: PyTorch is not installed")
    sys.exit(77)
import torch_decode  # noqa: E402
import torch_layers  # noqa: E402
import torch_models  # noqa: E402

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
KINDS = ("tiny-dense", "tiny-moe", "tiny-ssm", "tiny-hybrid", "tiny-vlm")


def can_group():
    return torch_layers.Layers(torch, torch.bfloat16, DEVICE).grouped_product() is not None


def logits_of(model):
    """What the last layer says, which `decode` reduces to the likeliest token."""
    seen = []
    model.head.register_forward_hook(lambda module, inputs, output: seen.append(output))
    return seen


class Models(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(1)

    def test_a_token_at_a_time_is_the_same_as_all_at_once(self):
        """On a GPU a step is recorded after the first one and replayed from then on; in the second job, always."""
        tokens = torch.randint(0, 512, (3, 70)).to(DEVICE)
        for kind in KINDS:
            with self.subTest(kind), torch.inference_mode():
                model, at_once = self.twins(kind, "fp32")
                for job in range(2):
                    state = model.prefill(tokens[:, :59], 0)
                    for at in range(59, 70):
                        state.tokens.copy_(tokens[:, at])
                        model.decode(state, 1)
                        wanted = at_once.prefill(tokens[:, : at + 1], 0).tokens
                        self.assertTrue(torch.equal(state.tokens, wanted), f"job {job}, token {at}")
                self.assertEqual((state.length, int(state.position)), (70, 70))

    def twins(self, kind, quant):
        first, second = (torch_models.build(torch, kind, quant, DEVICE) for _ in range(2))
        second.load_state_dict(first.state_dict())
        return first, second

    def test_the_scan_is_the_recurrence_that_it_solves(self):
        layers = torch_layers.Layers(torch, torch.float32, DEVICE)
        mixer = layers.layer(torch_models.find_shape("tiny-ssm"), 0).mixer
        signal, write, read = (torch.randn(2, torch_layers.SCAN_CHUNK, n).to(DEVICE) for n in (mixer.inner, 8, 8))
        step = torch.rand(2, torch_layers.SCAN_CHUNK, 1).to(DEVICE)
        state = torch.randn(2, mixer.inner, 8).to(DEVICE)
        outputs, last = mixer.scan(signal, write, read, step, state)
        for t in range(signal.shape[1]):
            state = torch.exp(step[:, t, :, None] * mixer.decay) * state + signal[:, t, :, None] * write[:, t, None]
            torch.testing.assert_close(outputs[:, t], (state * read[:, t, None]).sum(-1), rtol=1e-3, atol=1e-4)
        torch.testing.assert_close(last, state, rtol=1e-3, atol=1e-4)

    def test_the_cache_grows_and_forgets_nothing(self):
        """Two jobs of one batch, the second in the room of the first; and one that outgrows its room."""
        tokens = torch.randint(0, 512, (2, 3 * torch_decode.BUCKET)).to(DEVICE)
        for kind in KINDS:
            with self.subTest(kind), torch.inference_mode():
                model, alone = self.twins(kind, "fp32")
                long = model.prefill(tokens, 0)
                first = long.kept[0]
                model.decode(long, 2 * torch_decode.BUCKET)
                self.assertEqual(long.room, 5 * torch_decode.BUCKET)
                short = model.prefill(tokens[:, :20], 0)
                self.assertIs(short.kept[0], first, "kept for the next job")
                model.decode(short, 5)
                alone.decode(alone.prefill(tokens[:, :20], 0), 5)
                self.assertTrue(torch.equal(short.tokens, alone.state.tokens))

    @unittest.skipUnless(can_group(), "no kernel for all experts")
    def test_a_recorded_step_of_experts_does_what_the_step_does(self):
        tokens = torch.randint(0, 512, (3, 20)).to(DEVICE)
        with torch.inference_mode():
            recorded, launched = self.twins("tiny-moe", "bf16")
            self.assertIn("CUDA graphs", recorded.about()["kernels"])
            states = [model.prefill(tokens, 0) for model in (recorded, launched)]
            for _ in range(20):
                recorded.decode(states[0], 1)
                states[1].graphs = {}
                launched.decode(states[1], 1)
                self.assertTrue(torch.equal(states[0].tokens, states[1].tokens))

    def test_experts_together_are_experts_one_by_one(self):
        dtype = torch.bfloat16 if DEVICE.type == "cuda" else torch.float32
        layers = torch_layers.Layers(torch, dtype, DEVICE)
        experts = layers.layer(torch_models.find_shape("tiny-moe"), 0).ffn
        x = torch.randn(3, 5, 64, device=DEVICE, dtype=dtype)
        with torch.inference_mode():
            weights, chosen = experts.router(x.view(15, 64)).float().softmax(-1).topk(experts.per_token)
            wanted = torch.stack([sum(w.to(dtype) * experts.experts[int(e)](row) for w, e in zip(ws, es))
                                  for row, ws, es in zip(x.view(15, 64), weights, chosen)])
            torch.testing.assert_close(experts(x).view(15, 64), wanted, rtol=3e-2, atol=3e-2)

    def test_every_kind_says_what_it_is(self):
        for name in KINDS:
            about = torch_models.build(torch, name, "fp32", DEVICE).about()
            self.assertEqual(about["arch"], name.removeprefix("tiny-"))
            (self.assertLess if name == "tiny-moe" else self.assertEqual)(about["active_params_b"], about["params_b"])

    def test_images_matter_and_are_refused_where_there_is_no_encoder(self):
        tokens = torch.randint(0, 512, (1, 24)).to(DEVICE)
        with torch.inference_mode():
            model = torch_models.build(torch, "tiny-vlm", "fp32", DEVICE)
            seen = logits_of(model)
            for images in (0, 16):
                model.prefill(tokens, images)
            self.assertGreater((seen[0] - seen[1]).abs().max(), 0.01)
            with self.assertRaisesRegex(ValueError, "multiple"):
                model.prefill(tokens, 15)
            with self.assertRaisesRegex(ValueError, "no image encoder"):
                torch_models.build(torch, "tiny-dense", "fp32", DEVICE).prefill(tokens, 16)

    @unittest.skipUnless(torch_models.can_fp8(torch, DEVICE), "no card for fp8")
    def test_eight_bits_are_close_to_sixteen(self):
        tokens = torch.randint(0, 512, (3, 37)).to(DEVICE)
        seen = []
        for quant in ("bf16", "fp8"):
            torch.manual_seed(1)
            model = torch_models.build(torch, "tiny-dense", quant, DEVICE)
            logits = logits_of(model)
            with torch.inference_mode():
                model.decode(model.prefill(tokens, 0), 1)
            seen.append(logits[0].float())
        alike = torch.nn.functional.cosine_similarity(*seen).min()
        self.assertGreater(alike, 0.9)
        self.assertGreater((seen[0] - seen[1]).abs().max(), 0, "8 bits are used")


if __name__ == "__main__":
    unittest.main(verbosity=0)
