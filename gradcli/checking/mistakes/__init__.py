"""What is probably wrong with a gradient: mistakes that people make, tried one by one. Nothing here changes a verdict."""
