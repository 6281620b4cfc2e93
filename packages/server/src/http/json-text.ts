/** JSON of answers. A message in base64 is most of an answer, and looking through it for what is to be escaped took longest. */

declare global {
  interface JSON {
    /**
     * A value that is written as it stands (V8 11.4).
     * @throws SyntaxError for what is no JSON text of a primitive
     */
    rawJSON(text: string): object;
  }
}

/** Shorter texts are looked through in no time. */
const LONG = 1_000;

/** What JSON.stringify makes of it. */
export function jsonText(payload: unknown): string {
  const hasFields =
    typeof payload === 'object' && payload !== null && !Array.isArray(payload) && !('toJSON' in payload);
  return JSON.stringify(hasFields ? withLongTextsAsTheyAre(payload) : payload);
}

function withLongTextsAsTheyAre(payload: object): object {
  let changed: Record<string, unknown> | undefined;
  for (const [name, value] of Object.entries(payload)) {
    if (typeof value !== 'string' || value.length < LONG) continue;
    const raw = asItIs(value);
    if (raw === undefined) continue;
    changed ??= { ...payload };
    changed[name] = raw;
  }
  return changed ?? payload;
}

/** `undefined` where something in it has to be escaped: what is behind a backslash would mean something else. */
function asItIs(text: string): object | undefined {
  if (text.includes('\\') || !text.isWellFormed()) return undefined;
  try {
    return JSON.rawJSON(`"${text}"`);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
