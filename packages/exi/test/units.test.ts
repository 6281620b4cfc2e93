import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { hovers } from './language-server.ts';

const fields = [
  ['EVTargetVoltage', 'In V.'],
  ['EVMaximumPowerLimit', 'In W.'],
  ['Value', 'In `Unit`'],
  ['EVTargetCurrent', 'In A.'],
  ['EVTargetEnergyRequest', 'In Wh.'],
  ['TimeStamp', 'In s since 1970, UTC.'],
  ['DepartureTime', 'In s from now.'],
  ['FullSOC', 'In %.'],
] as const;

const code = `
import type { CurrentDemandReq, DC_EVChargeParameter, Iso15118_2Document, ScheduleExchangeReq20 } from '../src/index.ts';
export const read = (a: CurrentDemandReq, b: Iso15118_2Document, c: ScheduleExchangeReq20, d: DC_EVChargeParameter) => [
  a.EVTargetVoltage, a.EVMaximumPowerLimit?.Value, b.V2G_Message?.Body.PreChargeReq?.EVTargetCurrent,
  c.Dynamic_SEReqControlMode?.EVTargetEnergyRequest, c.Header.TimeStamp, d.DepartureTime, d.FullSOC,
];
`;

test('an editor shows the unit of a field, however deep in a message it stands', async () => {
  const names = fields.map(([name]) => name);
  const shown = await hovers(fileURLToPath(new URL('hovered.ts', import.meta.url)), code, names);
  for (const [at, [name, unit]] of fields.entries()) expect(shown[at], name).toContain(unit);
});
