while read -r line; do
  echo "$line" | LC_ALL=C awk -F '[{}:, ]+' '{ w = $6; printf "{\"id\": %d, \"value\": %.17g}\n", $3, w^3 }'
done
