import { aki, type Extension, extensionList } from '../certificates/extensions.ts';
import type { Name } from '../certificates/name.ts';
import { type Signer, signatureAlgorithmOf, signForX509 } from '../certificates/signer.ts';
import { contextConstructed } from '../der/tags.ts';
import { bitString, encodeDer, enumerated, raw, sequence, tagged, time, unsignedInteger } from '../der/writer.ts';
import { type Revoked, revocationReasons } from './revocation-reason.ts';
import { statusExtensionOids } from './status-extensions.ts';

export interface CrlContent {
  /** Subject of the CA's certificate: its DER is repeated octet by octet. */
  readonly issuer: Name;
  /** cRLNumber: 0…2³¹−1, or an unsigned big-endian number of at most 20 octets. It only ever grows. */
  readonly number: number | Uint8Array;
  /** Epoch milliseconds, cut to whole seconds. */
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  readonly revoked: readonly RevokedCertificate[];
  /** Subject key identifier of the CA, as its certificate has it. */
  readonly authorityKeyIdentifier: Uint8Array;
}

export interface RevokedCertificate extends Revoked {
  /** Unsigned, big-endian, or the content octets of the certificate. */
  readonly serialNumber: Uint8Array;
}

/**
 * A complete revocation list of one CA (RFC 5280 §5.1, version 2), signed with the algorithm of the signer's curve.
 * @returns DER
 * @throws RangeError when nextUpdate is not after thisUpdate, or the number is out of range
 */
export async function writeCrl(content: CrlContent, signer: Signer): Promise<Uint8Array> {
  const { issuer, number, thisUpdate, nextUpdate, revoked, authorityKeyIdentifier } = content;
  if (!(thisUpdate < nextUpdate)) {
    throw new RangeError('the next revocation list must come after this one');
  }
  if (typeof number !== 'number' && number.length > 20) {
    throw new RangeError('the number of a revocation list has at most 20 octets');
  }
  const algorithm = signatureAlgorithmOf(signer.curve);
  const extensions: Extension[] = [
    aki(authorityKeyIdentifier),
    { oid: statusExtensionOids.crlNumber, critical: false, value: encodeDer(unsignedInteger(number)) },
  ];
  const tbs = encodeDer(
    sequence(
      unsignedInteger(1),
      algorithm,
      raw(issuer.der),
      time(thisUpdate),
      time(nextUpdate),
      // RFC 5280 §5.1.2.6: absent when nothing is revoked.
      ...(revoked.length === 0 ? [] : [sequence(raw(Buffer.concat(revoked.map(entryOf))))]),
      tagged(contextConstructed(0), extensionList(extensions)),
    ),
  );
  return encodeDer(sequence(raw(tbs), algorithm, bitString(await signForX509(signer, tbs))));
}

function entryOf({ serialNumber, revokedAt, reason }: RevokedCertificate): Uint8Array {
  const fields = [unsignedInteger(serialNumber), time(revokedAt)];
  if (reason === undefined || reason === 'unspecified') {
    return encodeDer(sequence(...fields));
  }
  const value = encodeDer(enumerated(revocationReasons[reason]));
  return encodeDer(
    sequence(...fields, extensionList([{ oid: statusExtensionOids.reasonCode, critical: false, value }])),
  );
}
