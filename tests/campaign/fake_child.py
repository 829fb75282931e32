#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A child of the exec driver that only sleeps: 20 ms for prefill, 2 ms for each step. FAULT says what goes wrong:
refuse, garbage, die, few, hang, uncounted, twice."""
import json
import os
import sys
import time

fault = os.environ.get("FAULT", "")
batch = 0
for line in sys.stdin:
    request = json.loads(line)
    reply = {"ok": True}
    if request["op"] == "load":
        print("loading", request["model"], file=sys.stderr, flush=True)
        reply["simulated"] = True
        reply["about"] = {"version": "fake-1", "arch": "moe", "params_b": 7, "active_params_b": "1.3"}
        if fault == "refuse":
            reply = {"ok": False, "error": "no memory"}
    elif request["op"] == "prefill":
        batch = request["batch"]
        time.sleep(0.02)
    elif request["op"] == "decode":
        time.sleep(0.002 * request["steps"])
        if fault != "uncounted":
            reply["tokens"] = batch * request["steps"] - (1 if fault == "few" else 0)
        if fault == "die":
            print("segmentation fault, they say", file=sys.stderr, flush=True)
            os._exit(11)
        if fault == "hang":
            time.sleep(60)
        if fault == "garbage":
            print("{{{", flush=True)
            continue
    twice = fault == "twice" and request["op"] == "prefill"
    print(json.dumps(reply) + ("\n" + json.dumps(reply) if twice else ""), flush=True)
    if request["op"] == "stop":
        break
