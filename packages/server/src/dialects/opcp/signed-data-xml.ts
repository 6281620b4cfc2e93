/** OPCP carries signed contract data as an XML document in base64; the pool holds EXI. */
import {
  decode,
  ExiError,
  encode,
  iso15118_2,
  iso15118_20Common,
  type SchemaSet,
  toXml,
  xmlDocumentBuilder,
} from '@plugpool/exi';
import { type Edition, parseXml, XmlError } from '@plugpool/iso15118';
import { refuseAt } from '../../kernel/domain-error.ts';
import { octetsField } from '../request-fields.ts';

const converters = {
  'ISO15118-2': converter(iso15118_2),
  'ISO15118-20': converter(iso15118_20Common),
} satisfies Record<Edition, unknown>;

/** The document of a CertificateInstallationRes, in the namespaces of the standard. */
export function xmlOf(edition: Edition, exi: Uint8Array): string {
  return converters[edition].xmlOf(exi);
}

/** EXI of an XML document in base64. Throws `field-pattern` or `exi-invalid`, naming the field and the place. */
export function exiOfXmlField(edition: Edition, text: string, field: string): Uint8Array {
  const xml = octetsField(text, field);
  try {
    return converters[edition].exiOf(xml);
  } catch (error) {
    if (!(error instanceof XmlError || error instanceof ExiError)) throw error;
    const other = otherEditionOf(edition, xml);
    const why =
      other === undefined ? error.message : `is a message of ${other}, where xsdMsgDefNamespace says ${edition}`;
    throw refuseAt('exi-invalid', [`${field} : ${why}`]);
  }
}

function otherEditionOf(edition: Edition, xml: Uint8Array): Edition | undefined {
  const other: Edition = edition === 'ISO15118-2' ? 'ISO15118-20' : 'ISO15118-2';
  try {
    converters[other].exiOf(xml);
    return other;
  } catch (error) {
    if (error instanceof XmlError || error instanceof ExiError) return undefined;
    throw error;
  }
}

function converter<S extends SchemaSet>(schema: S) {
  return {
    xmlOf: (exi: Uint8Array) => toXml(schema, decode(schema, exi)),
    exiOf: (xml: Uint8Array) => encode(schema, parseXml(xml, xmlDocumentBuilder(schema))),
  };
}
