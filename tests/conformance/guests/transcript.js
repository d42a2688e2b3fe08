// What a guest did and what it got, a step per line, in the words of `transcript.py`.

export class Transcript {
  // `payloads` are the error cases whose payload every backend chooses alike.
  constructor(...payloads) {
    this.lines = [];
    this.payloads = payloads;
  }

  // Notes whether a call succeeded. Returns its result, or undefined.
  did(what, call) {
    return this.#note(what, () => "ok", call);
  }

  // Notes what a call returned. Returns its result, or undefined.
  got(what, call) {
    return this.#note(what, shown, call);
  }

  // Notes a text that a function of the guest has made.
  text(what, call) {
    this.#note(what, String, call);
  }

  // Notes the error of a call, and returns it. A call that succeeds is noted as a surprise.
  failed(what, call) {
    let result;
    try {
      result = call();
    } catch (error) {
      this.lines.push(`${what}: ${this.#case(error)}`);
      return error.payload;
    }
    this.lines.push(`${what}: no error, but ${shown(result)}`);
    return undefined;
  }

  #note(what, words, call) {
    let result;
    try {
      result = call();
    } catch (error) {
      this.lines.push(`${what}: ${this.#case(error)}`);
      return undefined;
    }
    this.lines.push(`${what}: ${words(result)}`);
    return result;
  }

  #case(error) {
    // Everything else is a mistake of the guest itself.
    if (error.payload?.tag === undefined) throw error;
    const { tag, val } = error.payload;
    return this.payloads.includes(tag) ? `${tag} ${shown(val)}` : tag;
  }
}

// A value as text: bytes that are printable ASCII as such, others in hexadecimal digits.
export function shown(value) {
  if (value === undefined || value === null) return "none";
  if (ArrayBuffer.isView(value)) return bytes(value);
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  return typeof value === "string" ? `"${value}"` : String(value);
}

function bytes(value) {
  const printable = value.every((byte) => byte >= 0x20 && byte < 0x7f);
  if (printable) return `'${String.fromCharCode(...value)}'`;
  return `0x${Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

// ASCII as bytes.
export function ascii(text) {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

// Drops handles.
export function drop(...handles) {
  for (const handle of handles) handle[Symbol.dispose ?? Symbol.for("dispose")]();
}
