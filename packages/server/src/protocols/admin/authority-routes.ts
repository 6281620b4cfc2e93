/** The authorities and signers of this ecosystem, where their keys are, and their successors, for operators. */
import { formatName } from '@plugpool/iso15118/pki';
import { type Route, route } from '../../http/route.ts';
import { Type } from '../../http/schema-builders.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { KeyStore } from '../../keys/key-store.ts';
import { type Authority, type AuthorityStanding, inOrder, standingsOf } from '../../pki/authorities.ts';
import type { PublicKeyInfrastructure } from '../../pki/public-key-infrastructure.ts';

export interface AuthorityRouteParts {
  readonly pki: Pick<PublicKeyInfrastructure, 'authorities' | 'rotate'>;
  readonly keys: Pick<KeyStore, 'locationsOf'>;
  readonly clock: Clock;
}

const Time = Type.String({ format: 'date-time' });
const AuthorityShape = Type.Object(
  {
    name: Type.String({ description: 'The file name under /ca and /crl.' }),
    edition: Type.String(),
    algorithm: Type.String(),
    issuer: Type.Union([Type.String(), Type.Null()], { description: 'Null for a root.' }),
    current: Type.Boolean({ description: 'Whether it is the last generation of its line, which issues and signs.' }),
    revoked: Type.Boolean(),
    subject: Type.String(),
    fingerprint: Type.String(),
    validFrom: Time,
    validTo: Time,
    daysLeft: Type.Integer(),
    keyLocation: Type.String({ description: '`database`, or `pkcs11:TOKEN`.' }),
    certificate: Type.String({ description: 'Base64 of the DER.' }),
  },
  { title: 'Authority' },
);
const AuthorityPath = Type.Object({ authority: Type.String({ maxLength: 100 }) });

export function authorityRoutes({ pki, keys, clock }: AuthorityRouteParts): Route[] {
  async function answersFor(wanted: readonly Authority[], all: readonly Authority[]) {
    return (await standingsOf(wanted, all, keys, clock.now())).map(answerFor);
  }

  return [
    route('GET', '/admin/v1/authorities', {
      operation: 'adminListAuthorities',
      summary: 'Lists the authorities and signers of all generations, roots first, with where their keys are',
      answers: { 200: Type.Object({ authorities: Type.Array(AuthorityShape) }) },
      handle: async () => {
        const all = await pki.authorities();
        return { status: 200, body: { authorities: await answersFor(inOrder(all), all) } };
      },
    }),

    route('POST', '/admin/v1/authorities/:authority/rotate', {
      operation: 'adminRotateAuthority',
      summary: 'Makes the next generation of a sub CA or signer, which issues and signs from then on',
      params: AuthorityPath,
      answers: { 201: AuthorityShape },
      refusals: ['authority-not-found', 'authority-refused'],
      handle: async ({ params }) => {
        const successor = await pki.rotate(params.authority);
        const [body] = await answersFor([successor], await pki.authorities());
        if (body === undefined) throw new Error(`there is no answer for ${successor.name}`);
        return { status: 201, body };
      },
    }),
  ];
}

function answerFor({ authority, ...standing }: AuthorityStanding) {
  const { name, edition, certificate, issuer, revoked } = authority;
  return {
    ...{ name, edition, revoked, ...standing },
    algorithm: certificate.publicKey.curve,
    issuer: issuer?.name ?? null,
    subject: formatName(certificate.subject),
    fingerprint: certificate.fingerprint,
    validFrom: new Date(certificate.notBefore).toISOString(),
    validTo: new Date(certificate.notAfter).toISOString(),
    certificate: Buffer.from(certificate.der).toString('base64'),
  };
}
