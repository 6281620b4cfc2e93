import { describe, expect, test } from 'vitest';
import { type RefusalKind, refusalKindOf } from './refusal.ts';

const cases: [number, string[], RefusalKind][] = [
  [404, ['The OEM provisioning certificate with given PCID is not found.'], 'vehicle-not-found'],
  [400, ['Invalid Tupple - EMAID is already used by other PCID.'], 'emaid-taken'],
  // Whatever the server adds behind the text that clients match on.
  [400, ['EXI format is invalid!', 'certificateInstallationReq : 3 octets behind the stream'], 'exi-invalid'],
  [400, ['pcid : must match "^[a-zA-Z0-9]{17,18}$"'], 'field-pattern'],
  [400, ['contractCertificateBundle.emaid : must not be null'], 'field-missing'],
  [400, ['Invalid certificate format on vehicleCertificate'], 'certificate-format'],
  [400, ['contractSignatureCertChainSubCertificates list : is expired'], 'field-invalid'],
  [400, ['certificate request : the body is empty'], 'field-invalid'],
  [400, ['No good.'], 'invalid'],
  [400, [], 'invalid'],
  [401, [], 'unauthorized'],
  [403, ['a : b'], 'forbidden'],
  [404, ['Not here'], 'not-found'],
  [405, [], 'method-not-allowed'],
  [409, [], 'conflict'],
  [413, [], 'too-large'],
  [415, [], 'unsupported-media-type'],
  [429, [], 'too-many-requests'],
  [500, ['Internal Server Error'], 'server-error'],
  [501, [], 'server-error'],
  [503, [], 'unavailable'],
  [302, [], 'unexpected-status'],
  [418, [], 'unexpected-status'],
];

describe('why a server refuses', () => {
  test.each(cases)('%d %j: %s', (status, errorMessages, kind) => {
    expect(refusalKindOf(status, errorMessages)).toBe(kind);
  });
});
