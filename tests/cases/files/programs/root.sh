while read -r line; do
  echo "$line" | LC_ALL=C awk -F '[{}:, ]+' '
    $6 < 0 { printf "{\"id\": %d, \"error\": \"the root of a negative number\"}\n", $3; next }
    { printf "{\"id\": %d, \"value\": %.17g, \"grad\": {\"w\": %.17g}}\n", $3, sqrt($6), 1 / (2 * sqrt($6)) }'
done
