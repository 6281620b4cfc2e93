import {
  certIdOf,
  readCrl,
  readOcspResponse,
  StatusError,
  verifyCrl,
  verifyOcspResponse,
  writeOcspRequest,
} from '@plugpool/iso15118';
import type { Check } from '../check.ts';
import { type Answer, expectStatus } from '../probe.ts';
import { CheckFailed, expectThat, needed } from '../verdict.ts';

/** The status of a vehicle certificate, asked where the certificate says. */
export const statusChecks: readonly Check[] = [
  {
    id: 'status/ocsp',
    title: 'the responder that a certificate names calls it good, in an answer that verifies',
    async run(world, probe) {
      const { certificate, subCa1, subCa2: issuer = subCa1 } = await world.vehicle();
      const path = needed(certificate.ocspUrls[0], 'the certificate names no OCSP responder');
      const certId = certIdOf(certificate, issuer, 'sha1');
      const body = writeOcspRequest({ certIds: [certId] });
      const answer = expectStatus(await probe({ method: 'POST', path, type: 'application/ocsp-request', body }), 200);
      const { status } = reading(answer, (octets) =>
        verifyOcspResponse(readOcspResponse(octets), { certId, issuer, at: Date.now() }),
      );
      expectThat(status === 'good', `${answer.name}: the certificate is ${status}`);
    },
  },
  {
    id: 'status/crl',
    title: 'the revocation list that a certificate names verifies and is current',
    async run(world, probe) {
      const { certificate, subCa1, subCa2: issuer = subCa1 } = await world.vehicle();
      const path = needed(certificate.crlUrls[0], 'the certificate names no revocation list');
      const answer = expectStatus(await probe({ method: 'GET', path }), 200);
      reading(answer, (octets) => verifyCrl(readCrl(octets), issuer, Date.now()));
    },
  },
];

function reading<T>({ name, octets }: Answer, read: (octets: Uint8Array) => T): T {
  try {
    return read(octets);
  } catch (error) {
    if (error instanceof StatusError) throw new CheckFailed(`${name}: ${error.message}`, { cause: error });
    throw error;
  }
}
