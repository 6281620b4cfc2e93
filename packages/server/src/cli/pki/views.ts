/** What `plugpool pki` shows and changes nothing. */
import { formatName, toPem } from '@plugpool/iso15118';
import { DomainError } from '../../kernel/domain-error.ts';
import { type AuthorityStanding, inOrder, standingsOf } from '../../pki/authorities.ts';
import { CommandFailure } from '../command.ts';
import type { Io } from '../io.ts';
import { formatTable } from '../table.ts';
import type { OpenPki } from './open-pki.ts';

export async function list({ pki, keys }: OpenPki, asJson: boolean, io: Io): Promise<number> {
  const all = await pki.authorities();
  const lines = await standingsOf(inOrder(all), all, keys, Date.now());
  io.stdout.write(asJson ? `${JSON.stringify(lines.map(inJson))}\n` : inTable(lines));
  return 0;
}

export async function exportCertificate({ pki }: OpenPki, name: string, form: 'pem' | 'der', io: Io): Promise<number> {
  try {
    const { der } = (await pki.authority(name)).certificate;
    io.stdout.write(form === 'der' ? Buffer.from(der) : toPem('CERTIFICATE', der));
    return 0;
  } catch (error) {
    if (error instanceof DomainError) throw new CommandFailure(error.message);
    throw error;
  }
}

function inTable(lines: readonly AuthorityStanding[]): string {
  const columns = [
    { title: 'AUTHORITY' },
    { title: 'EDITION' },
    { title: 'VALID TO' },
    { title: 'DAYS LEFT', align: 'right' },
    { title: 'KEY' },
    { title: '' },
  ] as const;
  const rows = lines.map(({ authority: { name, edition, certificate, revoked }, daysLeft, keyLocation, current }) => [
    name,
    edition,
    new Date(certificate.notAfter).toISOString().slice(0, 10),
    String(daysLeft),
    keyLocation,
    revoked ? 'revoked' : current ? '' : 'older generation',
  ]);
  return rows.length === 0 ? 'no authorities: the first start makes them\n' : formatTable(columns, rows);
}

function inJson({ authority, current, keyLocation, daysLeft }: AuthorityStanding) {
  const { name, edition, certificate, issuer, revoked } = authority;
  return {
    name,
    edition,
    algorithm: certificate.publicKey.curve,
    issuer: issuer?.name ?? null,
    current,
    revoked,
    subject: formatName(certificate.subject),
    fingerprint: certificate.fingerprint,
    validFrom: new Date(certificate.notBefore).toISOString(),
    validTo: new Date(certificate.notAfter).toISOString(),
    daysLeft,
    keyLocation,
  };
}
