# SPDX-License-Identifier: Apache-2.0
# A power log beside a run becomes a row of the measurement table. The log here is made up: two GPUs, 3 s at 300 W each.
set -eu
{
  echo 'timestamp, index, power.draw [W]'
  for second in 00 01 02 03; do
    for gpu in 0 1; do echo "2026/01/01 12:00:$second.000, $gpu, 300.00 W"; done
  done
} > smi.csv

echo '$ energylens import nvidia-smi smi.csv --set model=toy --set tp=2 --set batch=8 --set isl=512 --set osl=64'
energylens import nvidia-smi smi.csv --set model=toy --set tp=2 --set batch=8 --set isl=512 --set osl=64

echo '$ energylens import nvidia-smi smi.csv --gpus 0 --end 1767268802 --set batch=8 --format json'
energylens import nvidia-smi smi.csv --gpus 0 --end 1767268802 --set batch=8 --format json

echo '# a GPU that is lost gives no row:'
echo '2026/01/01 12:00:04.000, 0, [GPU is lost]' >> smi.csv
energylens import nvidia-smi smi.csv --set batch=8 || echo "exit code $?"
