/**
 * Enrolment over secure transport (RFC 7030) as Plug & Charge uses it: `simpleenroll`, `simplereenroll`, `cacerts` and
 * `csrattrs` for one CA per role, under the paths of the OPCP, of the OPNC, and those that charging station backends of
 * the field call.
 */
import { type Certificate, writeCertsOnly } from '@plugpool/iso15118/pki';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { curvesOfEdition } from '../../pki/profiles.ts';
import type { PublicKeyInfrastructure } from '../../pki/public-key-infrastructure.ts';
import { decodeRequestBody } from './certification-request-body.ts';
import { type EstTarget, estTargetOf } from './est-parameters.ts';
import { answerErrorsAsAsked } from './plain-text-errors.ts';
import { requestAttributes } from './request-attributes.ts';

const opnc = '/opnc/v1/pki/est';
const wellKnown = ['/.well-known/est/:ca', '/.well-known/:ca'];
/** Without `.well-known` in front the names are spelled out, so that nobody else's paths are swallowed. */
const bare = ['emsp', 'mo', 'cpo', 'oem', 'cps', 'veh'].map((ca) => `/${ca}`);

const pathsOf = (operation: string, prefixes: readonly string[]) => [
  ...prefixes.flatMap((ca) => [
    `${ca}/${operation}`,
    `${ca}/${operation}/:isoVersion`,
    `${ca}/${operation}/:isoVersion/:algorithm`,
  ]),
  `${opnc}/${operation}`,
];

const requestTypes = ['application/pkcs10', 'application/octet-stream'];

/** The EST operations; errors are DomainErrors for the server's error handler. */
export function estRoutes({ pki }: { readonly pki: PublicKeyInfrastructure }): FastifyPluginAsync {
  return async (app) => {
    // This plugin has a scope of its own: what it takes nobody else takes, and the other way round.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(requestTypes, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    answerErrorsAsAsked(app);
    for (const operation of ['simpleenroll', 'simplereenroll']) {
      for (const path of pathsOf(operation, wellKnown)) {
        app.post(path, async (request, reply) => {
          const enrolment = { ...targetOf(request, path), request: decodeRequestBody(request.body) };
          await request.admission?.admit({ enrolment });
          const issued = await pki.enrol({ ...enrolment, renewal: operation === 'simplereenroll' });
          // RFC 7030 §4.2.3: the certificate alone, without its chain.
          return sendCertificates(reply, [issued.certificate]);
        });
      }
    }
    for (const path of pathsOf('cacerts', [...wellKnown, ...bare])) {
      app.get(path, async (request, reply) => {
        const { domain, edition, curve } = targetOf(request, path);
        const { subCa2, subCa1, root } = await pki.chainOf(domain, edition, curve);
        return sendCertificates(reply, [subCa2, subCa1, root]);
      });
    }
    for (const path of pathsOf('csrattrs', [...wellKnown, ...bare])) {
      app.get(path, async (request, reply) => {
        const { domain, edition, curve = curvesOfEdition[edition][0] } = targetOf(request, path);
        // A CA that is not there has no wishes.
        await pki.chainOf(domain, edition, curve);
        return sendBase64(reply, 'application/csrattrs', requestAttributes(domain, curve));
      });
    }
  };
}

function targetOf(request: FastifyRequest, path: string): EstTarget {
  const inPath = (name: string) => textOf(request.params, name);
  const inQuery = (name: string) => textOf(request.query, name);
  return estTargetOf({
    ca: inPath('ca') ?? bare.find((ca) => path.startsWith(`${ca}/`))?.slice(1),
    caDomain: inQuery('caDomain'),
    isoVersion: inPath('isoVersion') ?? inQuery('iso15118Version'),
    xsdMsgDefNamespace: inQuery('xsdMsgDefNamespace'),
    algorithm: inPath('algorithm') ?? inQuery('algorithm'),
  });
}

/** Given more than once, the last one counts. */
function textOf(values: unknown, name: string): string | undefined {
  const value: unknown = new Map(Object.entries(Object(values))).get(name);
  const last: unknown = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === 'string' ? last : undefined;
}

/** RFC 7030 §4.1.3: a certs-only CMS message. */
function sendCertificates(reply: FastifyReply, certificates: readonly Certificate[]): FastifyReply {
  const message = writeCertsOnly(certificates.map(({ der }) => der));
  return sendBase64(reply, 'application/pkcs7-mime; smime-type=certs-only', message);
}

/** In lines as MIME has them. */
function sendBase64(reply: FastifyReply, contentType: string, octets: Uint8Array): FastifyReply {
  const lines = Buffer.from(octets)
    .toString('base64')
    .replace(/.{1,64}/g, '$&\n');
  return reply
    .header('content-type', contentType)
    .header('content-transfer-encoding', 'base64')
    .send(Buffer.from(lines));
}
