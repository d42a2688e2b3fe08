// Every function of `spiderlightning:messaging`, over the broker with the name that the guest gets.

import { Pub, Sub } from "spiderlightning:messaging/messaging@0.5.1";
import { Transcript, ascii, drop } from "./transcript.js";

export function run(name) {
  const said = new Transcript();
  const pub = said.did("open a producer", () => Pub.open(name));
  const sub = said.did("open a consumer", () => Sub.open(name));
  said.did("publish before anybody subscribes", () => pub.publish(ascii("early"), "orders"));
  const token = said.did("subscribe", () => sub.subscribe("orders"));
  said.got("receive when there is nothing", () => sub.receive(token));
  said.did("publish", () => pub.publish(ascii("tea"), "orders"));
  said.did("publish bytes", () => pub.publish(ascii("\0\xff"), "orders"));
  said.did("publish to another topic", () => pub.publish(ascii("late"), "orders/late"));
  said.got("receive", () => received(sub, token));
  said.got("receive bytes", () => received(sub, token));
  const other = said.did("subscribe again", () => sub.subscribe("orders"));
  said.did("publish to both", () => pub.publish(ascii("milk"), "orders"));
  said.got("receive it", () => received(sub, token));
  said.got("receive a copy", () => received(sub, other));
  said.failed("publish nothing", () => pub.publish(ascii(""), "orders"));
  said.failed("receive with a token that nobody got", () => sub.receive("nobody's"));
  const stranger = Sub.open(name);
  said.failed("receive with the token of another consumer", () => stranger.receive(token));
  const elsewhere = Pub.open(`${name}-other`);
  said.did("publish over another broker", () => elsewhere.publish(ascii("coffee"), "orders"));
  said.got("receive what is of another broker", () => sub.receive(token));
  drop(pub, sub, stranger, elsewhere);
  return said.lines;
}

// The next message, which a server may take a while to bring.
function received(sub, token) {
  for (let turn = 0; turn < 50; turn += 1) {
    const message = sub.receive(token);
    if (message.length > 0) return message;
  }
  return ascii("");
}
