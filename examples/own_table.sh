# SPDX-License-Identifier: Apache-2.0
# A table of one's own: start from the template, check it, and see what a mistake looks like.
set -eu
energylens table template >mine.csv
energylens table check mine.csv
echo
sed 's/,total_energy_j,/,total_enrgy_j,/' mine.csv >misspelt.csv
energylens table check misspelt.csv || echo "exit code $?"
