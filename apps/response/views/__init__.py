"""The pages of this point. Views shape the input, call one service, and shape the answer."""
