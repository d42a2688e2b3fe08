"""Push of messages: a guest is called for each message of the topics to which its host has subscribed."""
