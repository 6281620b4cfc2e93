/**
 * The certificate trust list: the roots of the pool at one moment, signed, so that it can be carried on and still be
 * believed. A JSON Web Signature (RFC 7515) over JSON; the references leave the form open.
 */
import { algorithms, type Certificate, formatName, type Signer } from '@plugpool/iso15118/pki';
import type { Clock } from '../kernel/clock.ts';
import { refuse } from '../kernel/domain-error.ts';
import type { RootCertificate } from './root-certificate.ts';

export interface CertificateTrustList {
  /** Signs the list as it is now. Throws `trust-list-unsigned` when there is nobody to sign. */
  sign(): Promise<SignedTrustList>;
}

/** The signer's certificate is under a V2G root of the pool; its chain is in the signature. */
export interface SignedTrustList {
  readonly signerCertificate: Certificate;
  /** Epoch milliseconds. */
  readonly signedAt: number;
  readonly signature: FlattenedSignature;
}

/** RFC 7515 §7.2.2, each in base64url. */
export interface FlattenedSignature {
  readonly payload: string;
  readonly protected: string;
  readonly signature: string;
}

interface TrustListSigner {
  readonly certificate: Certificate;
  readonly subCa2: Certificate;
  readonly subCa1: Certificate;
  readonly signer: Signer;
}

export interface CertificateTrustListNeeds {
  readonly clock: Clock;
  readonly roots: () => Promise<readonly RootCertificate[]>;
  /** Those who may sign, the first choice first. */
  readonly signers: () => Promise<readonly TrustListSigner[]>;
}

export function certificateTrustList({ clock, roots, signers }: CertificateTrustListNeeds): CertificateTrustList {
  return {
    async sign() {
      // What every JOSE library can verify.
      const chosen = (await signers()).find(({ signer }) => signer.curve === 'secp256r1');
      if (chosen === undefined) throw refuse('trust-list-unsigned');
      const { certificate, subCa2, subCa1, signer } = chosen;
      const signedAt = clock.now();
      const header = { alg: 'ES256', typ: 'ctl+json', x5c: [certificate, subCa2, subCa1].map(inBase64) };
      const list = { timeStamp: new Date(signedAt).toISOString(), rootCertificates: (await roots()).map(entryOf) };
      const [protectedHeader, payload] = [encoded(header), encoded(list)];
      const signature = await signer.sign(Buffer.from(`${protectedHeader}.${payload}`));
      return {
        signerCertificate: certificate,
        signedAt,
        signature: {
          payload,
          protected: protectedHeader,
          signature: Buffer.from(signature).toString('base64url'),
        },
      };
    },
  };
}

function entryOf({ id, certificate, types, ctlList }: RootCertificate) {
  return {
    rootCertificateId: id,
    rootTypes: types,
    rootCtlList: ctlList,
    distinguishedName: formatName(certificate.subject),
    fingerprint: certificate.fingerprint,
    signatureAlgorithm: algorithms[certificate.publicKey.curve].signatureName,
    validFrom: new Date(certificate.notBefore).toISOString(),
    validTo: new Date(certificate.notAfter).toISOString(),
    caCertificate: inBase64(certificate),
  };
}

function inBase64({ der }: Certificate): string {
  return Buffer.from(der).toString('base64');
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
