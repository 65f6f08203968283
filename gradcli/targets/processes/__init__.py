"""Programs in any language: starting them, keeping them alive, and the lines of JSON that they are asked and answer."""
