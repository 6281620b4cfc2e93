/** What clients ask of OCSP responders and revocation lists, by the project's own reader and by the OpenSSL command. */
import {
  type CertIdHash,
  type Certificate,
  certIdOf,
  type OcspAnswer,
  readCrl,
  readOcspResponse,
  toPem,
  verifyCrl,
  writeOcspRequest,
} from '@plugpool/iso15118';
import { openssl } from './openssl.ts';
import { base64, type Leaf } from './roles.ts';

export interface Asked {
  readonly certificate: Pick<Certificate, 'serialNumber'>;
  readonly issuer: Certificate;
}

export function ocspRequest(asked: readonly Asked[], hash: CertIdHash = 'sha1', nonce?: Uint8Array): Uint8Array {
  return writeOcspRequest({
    certIds: asked.map(({ certificate, issuer }) => certIdOf(certificate, issuer, hash)),
    nonce,
  });
}

export async function postOcsp(url: string, request: Uint8Array): Promise<Response> {
  return await fetch(`${url}/ocsp`, {
    method: 'POST',
    headers: { 'content-type': 'application/ocsp-request' },
    body: Uint8Array.from(request),
  });
}

export async function getOcsp(url: string, request: Uint8Array, headers: Record<string, string> = {}) {
  return await fetch(`${url}/ocsp/${encodeURIComponent(base64(request))}`, { headers });
}

/** The answer inside a response; throws when there is none. */
export async function answerIn(response: Response): Promise<OcspAnswer> {
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  const read = readOcspResponse(new Uint8Array(await response.arrayBuffer()));
  if (read.status !== 'successful') throw new Error(`the responder answered ${read.status}`);
  return read;
}

export async function statusesIn(response: Response) {
  return (await answerIn(response)).responses.map(({ status }) => status);
}

/** What `openssl ocsp` prints about a certificate, having asked the responder that the certificate names. */
export async function opensslOcsp(
  { certificate, subCa2, subCa1, root }: Omit<Leaf, 'key'>,
  ...more: string[]
): Promise<string> {
  const [url = ''] = certificate.ocspUrls;
  return await openssl(
    ['ocsp', ...more, '-issuer', 'issuer.pem', '-cert', 'leaf.pem', '-url', url, '-CAfile', 'cas.pem'],
    {
      'issuer.pem': pem(subCa2),
      'leaf.pem': pem(certificate),
      'cas.pem': [subCa2, subCa1, root].map(pem).join(''),
    },
  );
}

export function pem({ der }: Certificate): string {
  return toPem('CERTIFICATE', der);
}

/** The list of an authority, its signature checked. */
export async function crlOf(url: string, authority: string, issuer: Certificate, at = Date.now()) {
  const response = await fetch(`${url}/crl/${authority}.crl`);
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  const der = new Uint8Array(await response.arrayBuffer());
  const crl = readCrl(der);
  verifyCrl(crl, issuer, at);
  return {
    ...crl,
    der,
    number: Number.parseInt(Buffer.from(crl.number ?? []).toString('hex'), 16),
    headers: response.headers,
  };
}

/**
 * `openssl verify -crl_check_all` with the lists from where the certificates say they are. Gives what it prints,
 * also when it refuses.
 */
export async function opensslVerifyWithCrls(url: string, { certificate, subCa2, subCa1, root }: Leaf): Promise<string> {
  const addresses = [certificate, subCa2, subCa1].flatMap(({ crlUrls }) => crlUrls);
  const lists = await Promise.all(
    [...new Set([...addresses, `${url}/crl/v2g-root.crl`])].map(async (address) => {
      const der = new Uint8Array(await (await fetch(address)).arrayBuffer());
      return toPem('X509 CRL', der);
    }),
  );
  const verify = ['verify', '-x509_strict', '-crl_check_all', '-CAfile', 'root.pem', '-untrusted', 'between.pem'];
  try {
    return await openssl([...verify, '-CRLfile', 'lists.pem', 'leaf.pem'], {
      'root.pem': pem(root),
      'between.pem': pem(subCa2) + pem(subCa1),
      'leaf.pem': pem(certificate),
      'lists.pem': lists.join(''),
    });
  } catch (error) {
    if (error instanceof Error && 'stderr' in error) return String(error.stderr);
    throw error;
  }
}

export async function revokeOverOpnc(
  url: string,
  certificate: string,
  revocationReason = 'keyCompromise',
  path = '/opnc/v1/pki/revokeCertificate',
): Promise<Response> {
  return await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ certificate, revocationReason }),
  });
}
