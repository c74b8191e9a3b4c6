"""What the inbox's endpoints are given, read and judged before anything happens."""
