import { expect, test } from 'vitest';
import { withoutRepeatedPrefix } from './repeated-prefix.ts';

test.each([
  ['/opnc/v1/event/opnc/v1/event/endpoints', '/opnc/v1/event/endpoints'],
  ['/opnc/v1/event/OPNC/v1/Event/endpoints/1?a=b', '/opnc/v1/event/endpoints/1?a=b'],
  ['/opnc/v1/event/endpoints', '/opnc/v1/event/endpoints'],
  ['/opnc/v1/event/opnc/v1/events', '/opnc/v1/event/opnc/v1/events'],
  ['/opnc/v1/pki/pki/revokeCertificate', '/opnc/v1/pki/pki/revokeCertificate'],
  ['/v1/a?x=/v1/a/v1/a', '/v1/a?x=/v1/a/v1/a'],
  ['*', '*'],
])('ok/%s is %s', (url, meant) => {
  expect(withoutRepeatedPrefix(url)).toBe(meant);
});
