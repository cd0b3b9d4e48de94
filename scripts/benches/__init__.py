"""What `scripts/bench` measures, one module for each of its sub-commands, and how it is reported."""
