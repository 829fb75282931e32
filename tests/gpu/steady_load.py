#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Keeps the first GPU busy with one matrix product after another for this many seconds: a load of constant power.

    steady_load.py SECONDS
"""
import sys
import time

import torch

a, b = (torch.randn(8192, 8192, device="cuda", dtype=torch.bfloat16) for _ in range(2))
out = torch.empty_like(a)
end = time.monotonic() + float(sys.argv[1])
while time.monotonic() < end:
    for _ in range(20):
        torch.mm(a, b, out=out)
    torch.cuda.synchronize()
