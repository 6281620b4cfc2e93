/** Fields that answers of all dialects have, as schemas. */
import { Type } from '../http/schema-builders.ts';

/** DER in base64. */
export const Certificate = Type.String({ contentEncoding: 'base64', description: 'DER of the certificate.' });
export const Time = Type.String({ format: 'date-time' });
export const NamespaceOut = Type.String({ examples: ['urn:iso:15118:2:2013:MsgDef', 'urn:iso:15118:20:2020:MsgDef'] });
export const FingerprintOut = Type.String({
  pattern: '^[0-9a-f]{64}$',
  description: 'SHA-256 of the certificate in DER, hexadecimal.',
});
export const EmaidOut = Type.String({
  description: 'As the contract certificate shows it.',
  examples: ['DEPPLC12345678'],
});
export const PcidOut = Type.String({
  description: 'As the vehicle certificate shows it.',
  examples: ['WMI12345678901234'],
});
export const Exi = Type.String({ contentEncoding: 'base64', description: 'CertificateInstallationRes as EXI.' });
export const Name = Type.String({ examples: ['CN=PKI-1_CRT_V2G_ROOT, O=Plugpool, C=DE'] });
/** Key identifier with colons. */
export const KeyIdentifier = Type.String({ description: 'Hexadecimal with colons.' });
export const Uuid = Type.String({ format: 'uuid' });
