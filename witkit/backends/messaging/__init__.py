"""Messaging: `spiderlightning:messaging`.

- `open` takes any name: each names a broker of its own, with its own topics. Every string is a topic.
- A message goes to each subscription that its topic has when it is published; without one it is gone.
- A subscription hands out its messages oldest first, each once. Messages of one publisher keep their order.
- `receive` waits a while for a message; an empty list says that none came. So an empty message cannot be
  published (`unsupported-message-format`).
- A token is good for the consumer that made it; any other one is `queue-or-topic-not-found`.
- A subscription ends when its consumer is dropped.
"""
