/** An element of a message that a signature can refer to: it has an Id. */
export interface SignableElement {
  readonly id: string;
  /** Local name of the element. */
  readonly element: string;
  readonly value: unknown;
}

/** All elements with an Id in a message, itself included, in document order. */
export function signableElements(message: string, value: unknown): SignableElement[] {
  const found: SignableElement[] = [];
  collect(message, value, found);
  return found;
}

function collect(element: string, value: unknown, found: SignableElement[]): void {
  if (Array.isArray(value)) {
    for (const entry of value) {
      collect(element, entry, found);
    }
  } else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
    if ('Id' in value && typeof value.Id === 'string') {
      found.push({ id: value.Id, element, value });
    }
    for (const [name, part] of Object.entries(value)) {
      collect(name, part, found);
    }
  }
}
