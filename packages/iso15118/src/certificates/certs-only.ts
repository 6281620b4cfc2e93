import { DerReader } from '../der/reader.ts';
import { contextConstructed, tags } from '../der/tags.ts';
import { encodeDer, oid, raw, sequence, setOf, tagged, unsignedInteger } from '../der/writer.ts';
import { CertificateError, readingDer } from './certificate-error.ts';

const signedDataOid = '1.2.840.113549.1.7.2';
const dataOid = '1.2.840.113549.1.7.1';
const context0 = contextConstructed(0);
const context1 = contextConstructed(1);

/**
 * A degenerate SignedData that only carries certificates (RFC 5652 §5.1, as RFC 7030 §4.1.3 sends them).
 * The certificates keep their order, as EST clients of the field expect, instead of the order DER has for a SET OF.
 */
export function writeCertsOnly(certificates: readonly Uint8Array[]): Uint8Array {
  const signedData = sequence(
    unsignedInteger(1),
    setOf(),
    sequence(oid(dataOid)),
    tagged(context0, ...certificates.map(raw)),
    setOf(),
  );
  return encodeDer(sequence(oid(signedDataOid), tagged(context0, signedData)));
}

/**
 * The certificates in a SignedData, in the order they stand there, each as DER (not yet read).
 * @throws CertificateError `malformed` when it is something else; content, revocation lists and signatures inside are
 * stepped over
 */
export function readCertsOnly(der: Uint8Array): Uint8Array[] {
  return readingDer(() => {
    const outer = new DerReader(der);
    const contentInfo = outer.enter(tags.sequence, 'ContentInfo');
    outer.finish('the ContentInfo');
    expectOid(contentInfo, signedDataOid, 'SignedData');
    const wrapper = contentInfo.enter(context0, 'content');
    contentInfo.finish('the content');
    const signedData = wrapper.enter(tags.sequence, 'SignedData');
    wrapper.finish('the SignedData');
    signedData.readSmallInteger('version');
    signedData.next(tags.set, 'digestAlgorithms');
    signedData.next(tags.sequence, 'encapContentInfo');
    const certificates: Uint8Array[] = [];
    if (signedData.peek() === context0) {
      const set = signedData.enter(context0, 'certificates');
      while (!set.done) {
        certificates.push(Uint8Array.from(set.whole(set.next(tags.sequence, 'certificate'))));
      }
    }
    if (signedData.peek() === context1) {
      signedData.next(context1, 'crls');
    }
    signedData.next(tags.set, 'signerInfos');
    signedData.finish('the signerInfos');
    return certificates;
  });
}

function expectOid(reader: DerReader, expected: string, what: string): void {
  const start = reader.position;
  const found = reader.readOid(what);
  if (found !== expected) {
    throw new CertificateError('malformed', `content is of type ${found}, not ${what}`, start);
  }
}
