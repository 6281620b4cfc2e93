import { type Certificate, formatName } from '@plugpool/iso15118';
import { printable } from './printable.ts';

/** A certificate in one line. */
export function certificateInWords(certificate: Certificate): string {
  const { subject, issuer, publicKey, subjectKeyIdentifier: ski } = certificate;
  const keyIdentifier = ski === undefined ? '' : `, SKI ${Buffer.from(ski).toString('hex')}`;
  const issued = `issued by ${formatName(issuer)}, ${validityInWords(certificate)}`;
  return printable(`${formatName(subject)} (${issued}, ${publicKey.curve}${keyIdentifier})`);
}

export function validityInWords({ notBefore, notAfter }: Certificate): string {
  return `valid ${day(notBefore)} to ${day(notAfter)}`;
}

function day(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString().slice(0, 10);
}
