/** Keys and certificates of the one who checks: brought along, or enrolled at the server itself. */
import {
  algorithms,
  type Certificate,
  CertificateError,
  type CurveName,
  DerError,
  generateKeyPair,
  type KeyPair,
  makeName,
  readCertificate,
  readCertsOnly,
  softwareSigner,
  writeCertificateRequest,
} from '@plugpool/iso15118';
import type { ConformanceDialect, EstTarget } from './dialect.ts';
import { expectStatus, type Probe } from './probe.ts';
import { CheckFailed } from './verdict.ts';

export interface Chain {
  readonly certificate: Certificate;
  readonly subCa2?: Certificate | undefined;
  readonly subCa1: Certificate;
}

/** A leaf with its key. */
export interface OwnLeaf extends Chain {
  readonly key: KeyPair;
}

/** Enrols by EST. @throws CheckFailed when what comes back is no certificate for the key and name, with its CAs */
export async function enrol(
  dialect: ConformanceDialect,
  probe: Probe,
  ca: EstTarget['ca'],
  commonName: string,
  curve: CurveName,
): Promise<OwnLeaf> {
  const key = generateKeyPair(curve);
  const request = await writeCertificateRequest({
    subject: makeName([{ type: 'CN', value: commonName }]),
    signer: softwareSigner(key.privateKey),
  });
  const target = { ca, edition: algorithms[curve].edition, curve };
  const role = ca === 'mo' ? 'emsp' : 'oem';
  const enrolled = expectStatus(await probe(dialect.enrol(target, request), role), 200);
  const [certificate] = certificatesIn(enrolled.text, enrolled.name);
  const cas = expectStatus(await probe(dialect.caCertificates(target), role), 200);
  const [subCa2, subCa1] = certificatesIn(cas.text, cas.name);
  if (certificate === undefined || subCa2 === undefined || subCa1 === undefined) {
    throw new CheckFailed(`${enrolled.name}: no certificate, or no two sub CAs above it`);
  }
  if (Buffer.compare(certificate.publicKey.spki, key.spki) !== 0) {
    throw new CheckFailed(`${enrolled.name}: the certificate is for another key`);
  }
  return { key, certificate, subCa2, subCa1 };
}

/** Of a certs-only message in base64 (RFC 7030 §4.1.3). @throws CheckFailed */
export function certificatesIn(text: string, name: string): Certificate[] {
  return readingAnswer(name, () => readCertsOnly(Buffer.from(text, 'base64')).map((der) => readCertificate(der)));
}

/** @throws CheckFailed for what is no certificate */
export function certificateIn(text: string, name: string): Certificate {
  return readingAnswer(name, () => readCertificate(Buffer.from(text, 'base64')));
}

function readingAnswer<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof CertificateError || error instanceof DerError) {
      throw new CheckFailed(`${name}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
