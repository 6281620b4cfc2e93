import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loggedError } from './logged-error.ts';
import { createLogger } from './logger.ts';
import { withoutPersonalData } from './personal-data.ts';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): unknown {
  const lines: string[] = [];
  write(createLogger('trace', { write: (line: string) => lines.push(line) }));
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '');
}

describe('what the log says of persons', () => {
  test('ok/of an EMAID and a PCID the last four characters, wherever they stand', () => {
    const [emaid, pcid] = ['DEABCC123457A3K', 'WMIV1234567ABCDEX'];
    expect(
      logged((log) =>
        log.warn({ pcid, emaid: 'DE-ABC-C123457A3-K', id: emaid, deep: { list: [pcid] } }, `for ${pcid}!`),
      ),
    ).toMatchObject({ pcid: '…CDEX', emaid: '…7A3K', id: '…7A3K', deep: { list: ['…CDEX'] }, msg: 'for …CDEX!' });
    expect(logged((log) => log.info('of %s', emaid))).toMatchObject({ msg: 'of …7A3K' });
    expect(logged((log) => log.error(new Error(`no ${emaid}`)))).toMatchObject({
      msg: 'no …7A3K',
      err: { type: 'Error', message: 'no …7A3K', stack: expect.stringMatching(/^ {4}at .*logger\.test/) },
    });
  });

  test('ok/what stands under the name of a secret is left out, wherever that is', () => {
    class Carrier {
      readonly privateKey = 'secret one';
      readonly inside = { headers: { authorization: 'Bearer secret two' } };
    }
    const line = JSON.stringify(
      logged((log) =>
        log.info({
          authorization: 'secret three',
          carrier: new Carrier(),
          list: [{ clientSecret: 'secret four' }],
          a: { b: { c: { d: { e: { f: { g: { masterSecret: 'secret five' } } } } } } },
        }),
      ),
    );
    expect(line).not.toContain('secret ');
    expect(line).toContain('"privateKey":"[Redacted]"');
  });

  test('ok/what an error of a database quotes of the row is left out, its codes stay', () => {
    const cause = Object.assign(new Error('duplicate key value violates "contract_pkey"'), {
      code: '23505',
      detail: 'Key (emaid)=(DEABCC12345678) already exists.',
      where: 'COPY contract, line 1: "DEABCC12345678"',
      constraint: 'contract_pkey',
    });
    const error = loggedError(new Error('not stored', { cause }));
    expect(error).toMatchObject({ message: 'not stored', cause: { code: '23505', constraint: 'contract_pkey' } });
    expect(JSON.stringify(error)).not.toContain('12345678');
  });

  test.each([
    'contractData.emaid : must match "^[A-Za-z]{2}[-]?\\w{3}[-]?\\w{9,28}[-]?(\\w{1})?$"',
    'cpsV2GRootCertificateFingerprint : no CPS signer',
    'provisioningCertificateChain.subCa2Certificate : was revoked on 2026-11-24T09:00:00.000Z',
    'iso15118Version : must be one of ISO15118-2, ISO15118-20',
    'urn:iso:15118:2:2013:MsgDef, http://192.168.100.100:8080',
    'FAILED_NoCertificateAvailable, ERR_HTTP_REQUEST_TIMEOUT, OPCP, HubjectWS/webresources',
    '1e2f4b3c-0a1b-4c2d-8e3f-a0b1c2d3e4f5',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
  ])('ok/%s stays as it is', (text) => {
    expect(withoutPersonalData(text)).toBe(text);
  });

  test('ok/no identifier is left in any text', () => {
    const capitals = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ');
    const characters = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789');
    const text = (of: fc.Arbitrary<string>, minLength: number, maxLength = minLength) =>
      fc.array(of, { minLength, maxLength }).map((each) => each.join(''));
    const emaid = fc.tuple(text(capitals, 2), text(characters, 3), text(characters, 9, 28), fc.constantFrom('', '-'));
    const identifier = fc.oneof(
      emaid.map(([country, provider, instance, separator]) => [country, provider, instance].join(separator)),
      text(characters, 17, 18),
    );
    const around = fc.constantFrom('', ' ', '"', '/', ':', '(', ')', ', ', '\n', '=');
    fc.assert(
      fc.property(identifier, around, around, (name, before, after) => {
        expect(withoutPersonalData(`the${before || ' '}${name}${after}`)).not.toContain(name);
      }),
    );
  });
});
