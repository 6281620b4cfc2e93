/** TLS in front of the server, where it serves it itself: the files are read again when they change. */
import { createHash, type X509Certificate } from 'node:crypto';
import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import { createSecureContext, type SecureContextOptions, TLSSocket } from 'node:tls';
import type { FastifyBaseLogger, FastifyRequest } from 'fastify';
import { OneOctetResponse } from './one-octet-response.ts';

export interface TlsFiles {
  /** PEM: the certificate, with the chain below its root. */
  readonly certificate: string;
  /** PEM, not encrypted. */
  readonly key: string;
}

const LOOKED_AT_EVERY_MS = 1_000;

/** Clients may show a certificate; what it is worth is decided where it is asked for. Throws when a file is no good. */
export function tlsServer(files: TlsFiles, listener: RequestListener, logger: FastifyBaseLogger): Server {
  const read = (): SecureContextOptions => {
    const options = {
      cert: readFileSync(files.certificate),
      key: readFileSync(files.key),
      minVersion: 'TLSv1.2',
    } as const;
    // Says no before the server changes over.
    createSecureContext(options);
    return options;
  };
  const server = createServer(
    { ...read(), requestCert: true, rejectUnauthorized: false, ServerResponse: OneOctetResponse },
    listener,
  );

  function reload(): void {
    try {
      server.setSecureContext(read());
      logger.info('the certificate of the server was read again');
    } catch (err) {
      // One of the two files may be there before the other; the next look tries again.
      logger.warn({ err }, 'the certificate of the server cannot be read, the one before stays');
    }
  }
  for (const file of [files.certificate, files.key]) {
    watchFile(file, { interval: LOOKED_AT_EVERY_MS, persistent: false }, reload);
    server.once('close', () => unwatchFile(file, reload));
  }
  return server;
}

/** The certificate that a client has shown, and proven to have the key of. */
export function clientCertificateOf({ raw }: Pick<FastifyRequest, 'raw'>): X509Certificate | undefined {
  return raw.socket instanceof TLSSocket ? raw.socket.getPeerX509Certificate() : undefined;
}

/** As tokens name it that are bound to it (RFC 8705 §3.1). */
export function thumbprintOf(certificate: X509Certificate): string {
  return createHash('sha256').update(certificate.raw).digest('base64url');
}
