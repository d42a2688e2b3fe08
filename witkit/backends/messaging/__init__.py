"""Messaging: `spiderlightning:messaging`.

- `open` accepts any name; each name has its own broker with its own topics. Any string can be a topic.
- A message goes to each subscription that its topic has when it is published; without one it is lost.
- A subscription returns its messages once each, oldest first. Messages of one publisher keep their order.
- `receive` waits a while for a message; an empty list means that none came. So an empty message cannot be
  published (`unsupported-message-format`).
- A token is valid for the consumer that created it; any other one is `queue-or-topic-not-found`.
- A subscription ends when its consumer is dropped.
"""
