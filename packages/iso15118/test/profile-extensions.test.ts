import { describe, expect, test } from 'vitest';
import { extensionList } from '../src/certificates/extensions.ts';
import { encodeDer } from '../src/der/writer.ts';
import { certificateProfiles, generateKeyPair, keyIdentifierOf, profileExtensions } from '../src/index.ts';

const subjectKey = generateKeyPair('secp256r1');
const issuerKeyIdentifier = keyIdentifierOf(generateKeyPair('secp256r1'));
const octets = (extensions: ReturnType<typeof profileExtensions>) => encodeDer(extensionList(extensions));

describe('extensions of a profile, of which an issuer keeps those that it gives all', () => {
  test('ok/the same octets as when nothing is kept', () => {
    const { contract } = certificateProfiles;
    const details = { subjectKey, issuerKeyIdentifier, ocspUrl: 'http://a/ocsp', crlUrl: 'http://a/crl' };
    const [once, again] = [profileExtensions(contract, details), profileExtensions(contract, details)];
    expect(octets(again)).toEqual(octets(once));
    expect(octets(once.map(({ oid, critical, value }) => ({ oid, critical, value })))).toEqual(octets(once));
  });

  test('ok/another subject, profile or address is another list', () => {
    const { contract, oem } = certificateProfiles;
    const details = { subjectKey, issuerKeyIdentifier, crlUrl: 'http://a/crl' };
    const lists = [
      profileExtensions(contract, details),
      profileExtensions(contract, { ...details, subjectKey: generateKeyPair('secp256r1') }),
      profileExtensions(oem, details),
      profileExtensions(contract, { ...details, crlUrl: 'http://b/crl' }),
      profileExtensions(contract, { ...details, ocspUrl: 'http://a/ocsp' }),
      profileExtensions(contract, { ...details, caIssuersUrl: 'http://a/ocsp' }),
      profileExtensions(contract, { subjectKey, issuerKeyIdentifier }),
    ];
    expect(new Set(lists.map((list) => Buffer.from(octets(list)).toString('hex'))).size).toBe(lists.length);
  });
});
