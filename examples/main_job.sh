# SPDX-License-Identifier: Apache-2.0
# From measurements to the configuration that uses the least energy, on a simulated machine.
set -eu
energylens simulate --model Llama-3.1-70B --gpu H100-80GB-SXM --total-gpus 8 --batch 1,4,16,64,256 \
  --isl 128,1024 --osl 64,512 --noise 0.02 --seed 1 -o measurements.csv
energylens table check measurements.csv
echo
energylens fit measurements.csv -o model.json >report.txt
energylens predict model.json --layout tp4pp2 --batch 32 --isl 512 --osl 256
echo
energylens choose model.json --concurrency 64 --isl 512 --osl 256 --total-gpus 8 --tpot 50
