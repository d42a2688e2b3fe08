"""Messages from publishers to subscriptions, by topics.

- Any text names a broker, each with its own topics, and any text can be a topic.
- A message goes to each subscription that its topic has when it is published; without one it is lost.
- A subscription gives its messages oldest first. Messages of one publisher keep their order.
- A received message is done with when it is acknowledged. One that is given back, or that was never acknowledged, may
  be received again.
"""
