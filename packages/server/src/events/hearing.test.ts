import { describe, expect, test } from 'vitest';
import { type HeardEvent, type HearingRights, hearing } from './hearing.ts';
import { noFilter, type WebhookEndpoint } from './webhook-endpoint.ts';

const endpoint: WebhookEndpoint = {
  id: '1',
  dialect: 'opnc',
  url: 'https://a.example/',
  enabledEvents: ['root.cert.added', 'oem.contract.created', 'emsp.prov.cert.updated'],
  filter: noFilter,
  enabled: true,
  createdAt: 0,
};
const ofContract = { wmi: 'WMI', providerId: 'DEPPL', pcid: 'WMI12345678901234', emaid: 'DEPPLC12345678' };
const ofRoot = { wmi: null, providerId: null, pcid: null, emaid: null };
const oem = { wmis: ['WMI'], providerIds: [] };
const emsp = { wmis: [], providerIds: ['DEPPL'] };
const another = { wmis: ['XXX'], providerIds: ['DEXXX'] };

describe('who hears what', () => {
  test.each<[string, HeardEvent['type'], HearingRights, boolean]>([
    ['everybody, where nobody is asked', 'oem.contract.created', 'everything', true],
    ['the OEM of the WMI', 'oem.contract.created', oem, true],
    ['not the eMSP', 'oem.contract.created', emsp, false],
    ['not another OEM', 'oem.contract.created', another, false],
    ['the eMSP of the provider id', 'mo.prov.cert.updated', emsp, true],
    ['not the OEM', 'mo.prov.cert.updated', oem, false],
    ['not another eMSP', 'mo.prov.cert.updated', another, false],
    ['nobody what he did not enable', 'oem.contract.deleted', 'everything', false],
  ])('%s: %s', (_who, type, rights, heard) => {
    expect(hearing(endpoint, rights)({ type, ...ofContract })).toBe(heard);
  });

  test('roots are for all, whatever they filter; and nothing is for who is disabled', () => {
    const root = { type: 'root.cert.added', ...ofRoot } as const;
    const narrow = { ...endpoint, filter: { ...noFilter, wmis: ['WMI'], emaids: ['DEPPLC12345678'] } };
    expect(hearing(narrow, another)(root)).toBe(true);
    expect(hearing({ ...endpoint, enabled: false }, 'everything')(root)).toBe(false);
  });
});
