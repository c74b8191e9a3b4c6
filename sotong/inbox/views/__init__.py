"""The inbox's endpoints, by what they change. Each answers scripts with a fragment and plain forms with a redirect."""
