"""The networks: the LSTM that writes, stacks of it, and the one that reads."""
