#!/bin/sh
# Rosenbrock's function and its gradient, by awk: a line of JSON in, a line of JSON out.
export LC_ALL=C
while read -r line; do
  echo "$line" | awk -F '[{}:, ]+' '{
    for (i = 1; i < NF; i++) given[$i] = $(i + 1)
    x = given["\"x\""]; y = given["\"y\""]; d = y - x^2
    printf "{\"id\": %d, \"value\": %.17g, ", given["\"id\""], (1 - x)^2 + 100 * d^2
    printf "\"grad\": {\"x\": %.17g, \"y\": %.17g}}\n", -2 * (1 - x) - 400 * x * d, 200 * d
  }'
done
