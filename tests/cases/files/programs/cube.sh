while read -r line; do
  echo "$line" | LC_ALL=C awk -F '[{}:, ]+' '{ w = $6; printf "{\"id\": %d, \"value\": %.17g, \"grad\": {\"w\": %.17g}}\n", $3, w^3, 3 * w^2 }'
done
