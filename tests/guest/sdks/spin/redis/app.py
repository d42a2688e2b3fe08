"""A guest of Spin's Redis trigger."""

from spin_sdk import key_value
from spin_sdk.wit import exports


class RedisHandler(exports.RedisHandler):
    async def handle_message(self, message: bytes) -> None:
        with await key_value.open("messages") as store:
            await store.set("last", message)
