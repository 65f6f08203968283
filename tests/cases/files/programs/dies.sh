read -r line
echo "out of memory" >&2
exit 3
