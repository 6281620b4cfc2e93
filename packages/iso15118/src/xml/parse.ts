import { ExiError, type XmlAttribute, type XmlDocumentBuilder } from '@plugpool/exi';
import { SaxesParser } from 'saxes';
import { XmlError, type XmlErrorKind } from './xml-error.ts';

export interface XmlLimits {
  /** Octets or characters of the whole text. */
  readonly size: number;
  /** Nested elements. */
  readonly depth: number;
  /** Attributes of one element, namespace declarations included. */
  readonly attributes: number;
}

/** The default body limit of the server, and room for every message of ISO 15118. */
export const defaultXmlLimits: XmlLimits = { size: 262_144, depth: 32, attributes: 32 };

/** Thrown by a builder at what it does not expect; `parseXml` adds where that was. */
export class UnexpectedContent extends Error {}

/**
 * Parses XML 1.0 with namespaces into whatever the builder builds, such as `xmlDocumentBuilder(iso15118_2)` of
 * `@plugpool/exi`. A document type declaration is refused, so there are no entities but the five of XML; comments and
 * processing instructions are passed over.
 * @param input UTF-8, or text
 * @throws XmlError, and no other error, for everything that is not such a document
 */
export function parseXml<D>(
  input: Uint8Array | string,
  builder: XmlDocumentBuilder<D>,
  limits: XmlLimits = defaultXmlLimits,
): D {
  const text = textOf(input, limits);
  const parser = new SaxesParser({ xmlns: true, position: true, forceXMLVersion: true, defaultXMLVersion: '1.0' });
  const fail: Fail = (kind, what, cause) => {
    throw new XmlError(kind, what, parser.line, parser.column + 1, { cause });
  };
  const built = <T>(step: () => T): T => {
    try {
      return step();
    } catch (error) {
      if (error instanceof ExiError || error instanceof UnexpectedContent) {
        return fail('wrong-content', error.message, error);
      }
      throw error;
    }
  };
  parser.on('error', (error) => fail('not-well-formed', sentenceOf(error)));
  parser.on('doctype', () => fail('doctype', 'a document type declaration is not read'));
  const count = tagCounter(limits, fail);
  parser.on('opentagstart', count.opened);
  parser.on('attribute', count.attribute);
  parser.on('opentag', ({ uri, local, attributes }) => {
    const given = Object.values(attributes).map(({ uri, local, value }): XmlAttribute => ({ uri, local, value }));
    built(() => builder.open(uri, local, given));
  });
  parser.on('text', (content) => built(() => builder.text(content)));
  parser.on('cdata', (content) => built(() => builder.text(content)));
  parser.on('closetag', () => {
    count.closed();
    built(() => builder.close());
  });
  parser.write(text).close();
  return built(() => builder.result());
}

type Fail = (kind: XmlErrorKind, what: string, cause?: unknown) => never;

/** Ends the parsing inside the tag that goes too far. */
function tagCounter(limits: XmlLimits, fail: Fail) {
  let depth = 0;
  let attributes = 0;
  return {
    opened: () => {
      attributes = 0;
      depth += 1;
      if (depth > limits.depth) {
        fail('too-deep', `elements nested more than ${limits.depth} levels deep`);
      }
    },
    attribute: () => {
      attributes += 1;
      if (attributes > limits.attributes) {
        fail('too-large', `an element with more than ${limits.attributes} attributes`);
      }
    },
    closed: () => {
      depth -= 1;
    },
  };
}

function textOf(input: Uint8Array | string, limits: XmlLimits): string {
  if (input.length > limits.size) {
    throw new XmlError('too-large', `XML of ${input.length} octets, at most ${limits.size} are read`, 0, 0);
  }
  if (typeof input === 'string') {
    return input;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(input);
  } catch (cause) {
    throw new XmlError('not-utf8', 'XML that is not UTF-8', 0, 0, { cause });
  }
}

/** saxes puts line and column in front of its sentence. */
function sentenceOf(error: Error): string {
  return error.message.replace(/^(?:\d+:\d+: )+/, '').replace(/\.$/, '');
}
