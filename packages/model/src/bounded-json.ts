/**
 * JSON from elsewhere: its depth and the number of its values are counted before anything is built of it. A few kilobytes of
 * gzip can hold millions of brackets, and what they cost to build is far more than what they cost to read.
 */

export interface JsonBounds {
  /** Levels of objects and lists inside each other; `{"a": []}` has 2. */
  readonly depth: number;
  /** Values of any type, objects and lists included; empty ones count twice. */
  readonly values: number;
}

/** A JSON text that is beyond its bounds: nothing was built of it. */
export class JsonBoundsFault extends Error {
  readonly beyond: keyof JsonBounds;
  constructor(beyond: keyof JsonBounds, bounds: JsonBounds) {
    super(
      beyond === 'depth' ? `is nested deeper than ${bounds.depth} levels` : `holds more than ${bounds.values} values`,
    );
    this.beyond = beyond;
  }
}

/** What documents of any use stay within, where nothing narrower is known. */
export const ordinaryBounds: JsonBounds = { depth: 64, values: 4_000_000 };

/**
 * Parses a JSON text that is within bounds. Throws {@link JsonBoundsFault} where it is not, SyntaxError where it is no JSON,
 * and TypeError where bytes are no UTF-8.
 */
export function parseBoundedJson(json: string | Uint8Array, bounds: JsonBounds = ordinaryBounds): unknown {
  const text = typeof json === 'string' ? json : utf8.decode(json);
  requireBounds(text, bounds);
  return JSON.parse(text) as unknown;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** Reads the text once, whether or not it is JSON: each value is the first of its list or object, or follows a comma. */
function requireBounds(text: string, bounds: JsonBounds): void {
  let depth = 0;
  let values = 1;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) {
      inString = true;
    } else if (code === COMMA) {
      if (++values > bounds.values) throw new JsonBoundsFault('values', bounds);
    } else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      if (++depth > bounds.depth) throw new JsonBoundsFault('depth', bounds);
      if (++values > bounds.values) throw new JsonBoundsFault('values', bounds);
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) {
      depth--;
    }
  }
}
