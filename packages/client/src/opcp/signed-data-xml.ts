/** The OPCP carries signed contract data as an XML document in UTF-8; everywhere else it is EXI. */
import {
  decode,
  encode,
  iso15118_2,
  iso15118_20Common,
  type SchemaSet,
  toXml,
  xmlDocumentBuilder,
} from '@plugpool/exi';
import { type Edition, parseXml } from '@plugpool/iso15118';

/** @throws XmlError or ExiError when it is no document of the edition */
export function exiInXml(edition: Edition, xml: Uint8Array): Uint8Array {
  return converters[edition].exi(xml);
}

/** @throws ExiError when it is no document of the edition */
export function xmlOfExi(edition: Edition, exi: Uint8Array): Uint8Array {
  return converters[edition].xml(exi);
}

const converters = {
  'ISO15118-2': converter(iso15118_2),
  'ISO15118-20': converter(iso15118_20Common),
} satisfies Record<Edition, unknown>;

function converter<S extends SchemaSet>(schema: S) {
  return {
    exi: (xml: Uint8Array) => encode(schema, parseXml(xml, xmlDocumentBuilder(schema))),
    xml: (exi: Uint8Array) => new TextEncoder().encode(toXml(schema, decode(schema, exi))),
  };
}
