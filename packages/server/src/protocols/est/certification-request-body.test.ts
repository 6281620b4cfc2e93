import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DomainError } from '../../kernel/domain-error.ts';
import { decodeRequestBody } from './certification-request-body.ts';

const der = fc.uint8Array({ maxLength: 300 }).map((content) => Uint8Array.of(0x30, ...content));

describe('body of a certification request', () => {
  test('property/DER, its base64 in any line length, and PEM around it are the same request', () => {
    fc.assert(
      fc.property(
        der,
        fc.integer({ min: 1, max: 80 }),
        fc.constantFrom('\n', '\r\n', ' '),
        (request, width, lineEnd) => {
          const base64 = Buffer.from(request).toString('base64');
          const lines = (base64.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join(lineEnd);
          const pem = `Subject: some\n-----BEGIN CERTIFICATE REQUEST-----${lineEnd}${lines}${lineEnd}-----END CERTIFICATE REQUEST-----\n`;
          for (const body of [request, Buffer.from(base64), Buffer.from(lines), Buffer.from(pem)]) {
            expect(Uint8Array.from(decodeRequestBody(body))).toEqual(request);
          }
        },
      ),
    );
  });

  test('property/any octets are decoded or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (body) => {
        try {
          expect(decodeRequestBody(body).length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(DomainError);
        }
      }),
    );
  });

  test.each([
    ['nothing', new Uint8Array(0)],
    ['no body', undefined],
    ['blanks', Buffer.from(' \r\n')],
    ['base64 that is cut', Buffer.from('MIIBA')],
    ['base64url', Buffer.from('MII_-A==')],
    ['padding in the middle', Buffer.from('MI==IBAA')],
    ['PEM without an end', Buffer.from('-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n')],
    ['PEM of something else', Buffer.from('-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n')],
  ])('refused/%s', (_reason, body) => {
    expect(() => decodeRequestBody(body)).toThrow(/^certificate request : the body is/);
  });
});
