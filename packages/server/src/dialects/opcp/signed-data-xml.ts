/** OPCP carries signed contract data as an XML document in base64; the pool holds EXI. */
import { decode, ExiError, encode, iso15118_2, toXml, xmlDocumentBuilder } from '@plugpool/exi';
import { parseXml, XmlError } from '@plugpool/iso15118';
import { refuseAt } from '../../kernel/domain-error.ts';
import { octetsField } from '../request-fields.ts';

/** The document of a CertificateInstallationRes, in the namespaces of the standard. */
export function xmlOf(exi: Uint8Array): string {
  return toXml(iso15118_2, decode(iso15118_2, exi));
}

/** EXI of an XML document in base64. Throws `field-pattern` or `exi-invalid`, naming the field and the place. */
export function exiOfXmlField(text: string, field: string): Uint8Array {
  const xml = octetsField(text, field);
  try {
    return encode(iso15118_2, parseXml(xml, xmlDocumentBuilder(iso15118_2)));
  } catch (error) {
    if (error instanceof XmlError || error instanceof ExiError) {
      throw refuseAt('exi-invalid', [`${field} : ${error.message}`]);
    }
    throw error;
  }
}
