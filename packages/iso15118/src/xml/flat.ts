import type { XmlDocumentBuilder } from '@plugpool/exi';
import { defaultXmlLimits, parseXml, UnexpectedContent } from './parse.ts';

/**
 * A flat XML request body: any root element, and the text of its children by their local names, blanks at the ends cut
 * off. Attributes and namespaces do not matter.
 * @throws XmlError also for elements inside the children, a name that comes twice, and text between the children
 */
export function readFlatXml(bytes: Uint8Array | string): Record<string, string> {
  return parseXml(bytes, new FlatBuilder(), { ...defaultXmlLimits, depth: 3 });
}

class FlatBuilder implements XmlDocumentBuilder<Record<string, string>> {
  readonly #fields = new Map<string, string>();
  #depth = 0;
  #name = '';
  #text = '';

  open(_uri: string, local: string): void {
    this.#depth += 1;
    if (this.#depth > 2) {
      throw new UnexpectedContent(`element ${local} inside of ${this.#name}, where only text is expected`);
    }
    if (this.#fields.has(local)) {
      throw new UnexpectedContent(`element ${local} comes twice`);
    }
    this.#name = local;
    this.#text = '';
  }

  text(text: string): void {
    if (this.#depth === 2) {
      this.#text += text;
    } else if (/\S/.test(text)) {
      throw new UnexpectedContent('text where elements are expected');
    }
  }

  close(): void {
    if (this.#depth === 2) {
      this.#fields.set(this.#name, this.#text.trim());
    }
    this.#depth -= 1;
  }

  result(): Record<string, string> {
    return Object.fromEntries(this.#fields);
  }
}
